import { readFile } from 'node:fs/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import globby from 'globby';
import {
  type CatalogOptions,
  type SourceFile,
  checkCatalogFile,
  formatDiagnostics,
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
      'Checks catalogue files of the workspace as the catalogue does on ingestion, and fails with every error, with file, line and column.',
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
      },
      output: {
        entityRefs: z =>
          z.array(z.string(), {
            description: 'The entities of the files, by their refs.',
          }),
      },
    },
    async handler(ctx) {
      const patterns = ctx.input.files ?? DEFAULT_FILES;
      const files = await readFiles(ctx.workspacePath, patterns);
      if (files.length === 0) {
        throw new InputError(
          `no file of the workspace matches \`${patterns.join('`, `')}\``,
        );
      }

      const { unknownFields = options.unknownFields } = ctx.input;
      const reports = files.map(file =>
        checkCatalogFile(file, { ...options, unknownFields }),
      );
      const diagnostics = reports.flatMap(diagnosticsOf);
      const errors = errorsOf(diagnostics);
      if (errors.length > 0) {
        throw new InputError(
          `the catalogue files are not valid\n${formatDiagnostics(
            errors,
            files,
          )}`,
        );
      }
      const warnings = warningsOf(diagnostics);
      if (warnings.length > 0) {
        ctx.logger.warn(formatDiagnostics(warnings, files));
      }
      ctx.output(
        'entityRefs',
        reports.flatMap(({ documents }) =>
          documents.flatMap(({ entityRef }) => entityRef ?? []),
        ),
      );
    },
  });
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
  return Promise.all(
    names.sort().map(async name => ({
      name,
      content: await readFile(resolveSafeChildPath(workspace, name)),
    })),
  );
}
