import { readFile } from 'node:fs/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import globby from 'globby';
import {
  type CatalogOptions,
  type Diagnostic,
  type SourceFile,
  catalogOptions,
  checkCatalogFiles,
  formatDiagnostics,
  readSettings,
} from 'goldenpath';
import { diagnosticsOf } from '../../catalog/diagnosticsOf';
import { errorsOf, warningsOf } from '../../diagnostics';
import { examples } from './validateCatalog.examples';

const DEFAULT_FILES = ['**/catalog-info.{yaml,yml}'];

/**
 * Checks the catalogue files of the workspace, so that none is published that the catalogue would
 * refuse; with its `options`, so that both say the same.
 */
export function createValidateCatalogAction(options: CatalogOptions = {}) {
  return createTemplateAction({
    id: 'goldenpath:catalog:validate',
    description:
      'Checks catalogue files of the workspace, and those that their Locations list, as the catalogue does on ingestion, and fails with every error, with file, line and column.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        files: z =>
          z
            .array(z.string(), {
              description: `Globs of the files to check. Defaults to \`${DEFAULT_FILES}\`.`,
            })
            .optional(),
        unknownFields: z =>
          z
            .enum(['error', 'warning', 'info', 'off'], {
              description:
                'What to make of `spec` fields that the kind does not have. Defaults to what the catalogue makes of them.',
            })
            .optional(),
        config: z =>
          z
            .string({
              description:
                'A `goldenpath.yaml` of the workspace. What it says of the catalogue takes the place of what the portal says.',
            })
            .optional(),
        failOn: z =>
          z
            .enum(['error', 'warning'], {
              description:
                'The least that fails the task. Defaults to `error`.',
            })
            .optional(),
      },
      output: {
        entityRefs: z =>
          z.array(z.string(), {
            description: 'The entities of the files, by their refs.',
          }),
        findings: z =>
          z.array(
            z.object({
              file: z.string(),
              line: z.number(),
              column: z.number(),
              code: z.string(),
              severity: z.enum(['error', 'warning', 'info']),
              message: z.string(),
              help: z.string().optional(),
            }),
            { description: 'What was found that does not fail the task.' },
          ),
        summary: z =>
          z.object(
            {
              files: z.number(),
              entities: z.number(),
              warnings: z.number(),
              infos: z.number(),
            },
            { description: 'How much was checked, and found.' },
          ),
      },
    },
    async handler(ctx) {
      const { workspacePath, input } = ctx;
      const patterns = input.files ?? DEFAULT_FILES;
      const named = await readFiles(workspacePath, patterns);
      if (named.length === 0) {
        throw new InputError(
          `no file of the workspace matches \`${patterns.join('`, `')}\``,
        );
      }

      const wishes = { ...options, ...(await readConfig(ctx)) };
      const { unknownFields = wishes.unknownFields } = input;
      const { checked, read } = await checkCatalogFiles(workspacePath, named, {
        ...wishes,
        unknownFields,
      });
      const files = [...checked.map(({ file }) => file), ...read];
      const diagnostics = checked.flatMap(({ report }) =>
        diagnosticsOf(report),
      );
      const warnings = warningsOf(diagnostics);
      const failures =
        input.failOn === 'warning'
          ? [...errorsOf(diagnostics), ...warnings]
          : errorsOf(diagnostics);
      if (failures.length > 0) {
        throw new InputError(
          `the catalogue files are not valid\n${formatDiagnostics(
            failures,
            files,
          )}`,
        );
      }
      if (warnings.length > 0) {
        ctx.logger.warn(formatDiagnostics(warnings, files));
      }

      const entityRefs = checked.flatMap(({ report }) =>
        report.documents.flatMap(({ entityRef }) => entityRef ?? []),
      );
      ctx.output('entityRefs', entityRefs);
      ctx.output('findings', diagnostics.map(toFinding));
      ctx.output('summary', {
        files: checked.length,
        entities: entityRefs.length,
        warnings: warnings.length,
        infos: diagnostics.length - warnings.length,
      });
    },
  });
}

/** What a `goldenpath.yaml` of the workspace says of the catalogue. */
async function readConfig(ctx: {
  workspacePath: string;
  input: { config?: string };
}): Promise<CatalogOptions> {
  const { config } = ctx.input;
  if (config === undefined) {
    return {};
  }
  const file = await readSource(ctx.workspacePath, config);
  const { settings, diagnostics } = readSettings(file);
  const { kinds = [], model } = settings?.catalog ?? {};
  // whoever writes the workspace does not choose what the backend reads
  if (model !== undefined || kinds.some(kind => typeof kind === 'string')) {
    throw new InputError(
      `\`${config}\` names files with kinds, which are not read here: configure them as \`goldenpath.catalog.kinds\` of the portal`,
    );
  }
  const reading = catalogOptions(settings?.catalog);
  const errors = errorsOf([...diagnostics, ...reading.diagnostics]);
  if (errors.length > 0) {
    throw new InputError(
      `\`${config}\` cannot be used\n${formatDiagnostics(errors, [
        file,
        ...reading.files,
      ])}`,
    );
  }
  return reading.options;
}

function toFinding(diagnostic: Diagnostic) {
  const { file, start, code, severity, message, help } = diagnostic;
  return {
    file,
    line: start.line,
    column: start.column,
    code,
    severity,
    message,
    help,
  };
}

async function readFiles(
  workspace: string,
  patterns: string[],
): Promise<SourceFile[]> {
  const names = await globby(patterns, {
    cwd: workspace,
    dot: true,
    ignore: ['**/.git/**', '**/node_modules/**'],
    followSymbolicLinks: false,
  });
  return Promise.all(names.sort().map(name => readSource(workspace, name)));
}

async function readSource(
  workspace: string,
  name: string,
): Promise<SourceFile> {
  const path = resolveSafeChildPath(workspace, name);
  try {
    return { name, content: await readFile(path) };
  } catch (error) {
    throw new InputError(
      `\`${name}\` of the workspace cannot be read: ${
        (error as NodeJS.ErrnoException).code
      }`,
    );
  }
}
