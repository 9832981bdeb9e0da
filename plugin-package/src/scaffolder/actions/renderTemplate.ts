import {
  type UrlReaderService,
  resolveSafeChildPath,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { ScmIntegrations } from '@backstage/integration';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  ANSWERS_FILE,
  formatAnswers,
  formatDiagnostics,
  renderSkeleton,
  withoutSecrets,
} from 'goldenpath';
import { errorsOf, warningsOf } from '../../diagnostics';
import { createDefaultFilters } from '../createDefaultFilters';
import { fetchSkeleton, origin } from '../fetchSkeleton';
import { examples } from './renderTemplate.examples';

/** `true` for `templateFileExtension` means this one, as in `fetch:template`. */
const DEFAULT_EXTENSION = '.njk';

/**
 * Renders a skeleton into the workspace, all of it or nothing.
 *
 * @remarks
 *
 * The input is that of `fetch:template`, and more.
 */
export function createRenderTemplateAction(options: {
  reader: UrlReaderService;
  integrations: ScmIntegrations;
  requireScmUserCredentials?: boolean;
}) {
  const { integrations } = options;
  const filters = createDefaultFilters(integrations);

  return createTemplateAction({
    id: 'goldenpath:template:render',
    description:
      'Fetches a skeleton and renders its file names and contents into the workspace. Reports every error with file, line and column, and writes nothing if there is one.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        url: z =>
          z.string({
            description:
              'Folder of the skeleton: a path relative to the template, or a URL.',
          }),
        targetPath: z =>
          z
            .string({
              description:
                'Folder of the workspace to render into. Defaults to the workspace itself.',
            })
            .optional(),
        values: z =>
          z
            .record(z.any(), {
              description:
                'Values for the skeleton, which sees them as `values`.',
            })
            .optional(),
        strict: z =>
          z
            .boolean({
              description:
                'Makes the use of an undefined name an error. Defaults to true; false gives the empty text, as `fetch:template` does.',
            })
            .optional(),
        escape: z =>
          z
            .enum(['auto', 'off'], {
              description:
                'With `auto`, no value can change the structure of the file it is written into: it is escaped there, or refused. Defaults to `off`, as `fetch:template`.',
            })
            .optional(),
        copyWithoutTemplating: z =>
          z
            .array(z.string(), {
              description:
                'Globs of files whose content is copied as it is. Their names are rendered.',
            })
            .optional(),
        copyWithoutRender: z =>
          z
            .array(z.string(), {
              description:
                'Has no effect, as in `fetch:template`; a warning says so. Use `copyWithoutTemplating`.',
            })
            .optional(),
        verify: z =>
          z
            .array(
              z.enum([
                'yaml',
                'json',
                'hcl',
                'workflow',
                'entity',
                'kubernetes',
              ]),
              {
                description:
                  'What rendered files have to be, each if it is such a file by its name. If one is not, nothing is written.',
              },
            )
            .optional(),
        answers: z =>
          z
            .union([z.string(), z.boolean()], {
              description: `Writes down what was rendered from which values, so that \`goldenpath:template:upgrade\` can follow a newer skeleton: \`true\`, the default, in \`${ANSWERS_FILE}\`, a path of the target there, \`false\` nowhere. Values that hold a secret of the task are left out; a dry run writes none.`,
            })
            .optional(),
        partials: z =>
          z
            .array(z.string(), {
              description:
                'Globs of files that are only there for `include`, `import` and `extends`.',
            })
            .optional(),
        cookiecutterCompat: z =>
          z
            .boolean({
              description:
                'Renders `{{ cookiecutter.name }}` instead of `${{ values.name }}`.',
            })
            .optional(),
        tags: z => {
          const tag = (usual: string) =>
            z.string({ description: `Instead of \`${usual}\`.` }).optional();
          return z
            .object(
              {
                blockStart: tag('{%'),
                blockEnd: tag('%}'),
                variableStart: tag('${{'),
                variableEnd: tag('}}'),
                commentStart: tag('{#'),
                commentEnd: tag('#}'),
              },
              {
                description:
                  'Other delimiters, for skeletons that are full of the usual ones.',
              },
            )
            .optional();
        },
        templateFileExtension: z =>
          z
            .union([z.string(), z.boolean()], {
              description: `Renders only the files with this extension and takes it off their names. \`true\` means \`${DEFAULT_EXTENSION}\`.`,
            })
            .optional(),
        replace: z =>
          z
            .boolean({
              description:
                'Replaces files that are already in the workspace. By default they stay as they are.',
            })
            .optional(),
        trimBlocks: z =>
          z
            .boolean({
              description: 'Removes the first newline after a block.',
            })
            .optional(),
        lstripBlocks: z =>
          z
            .boolean({
              description:
                'Removes spaces and tabs from the start of a line to a block.',
            })
            .optional(),
        token: z =>
          z
            .string({ description: 'Token to read the skeleton with.' })
            .optional(),
      },
      output: {
        files: z =>
          z.array(
            z.object({
              path: z.string(),
              kind: z.enum(['file', 'directory', 'symlink']),
              action: z.enum(['rendered', 'copied', 'skipped']),
            }),
            { description: 'What was made of each entry of the skeleton.' },
          ),
      },
    },
    async handler(ctx) {
      const { input } = ctx;
      const target = resolveSafeChildPath(
        ctx.workspacePath,
        input.targetPath ?? '.',
      );
      const templateFileExtension = readExtension(input);
      if (input.copyWithoutRender) {
        ctx.logger.warn(
          '`copyWithoutRender` has no effect: use `copyWithoutTemplating`',
        );
      }
      const source = await fetchSkeleton(ctx, {
        ...options,
        url: input.url,
        token: input.token,
      });

      const values = input.values ?? {};
      const root = input.cookiecutterCompat ? 'cookiecutter' : 'values';
      const recorded = withoutSecrets(values, Object.values(ctx.secrets ?? {}));
      const dialect = {
        strict: input.strict ?? true,
        escape: input.escape ?? 'off',
        cookiecutterCompat: input.cookiecutterCompat,
        tags: input.tags,
        trimBlocks: input.trimBlocks,
        lstripBlocks: input.lstripBlocks,
      };
      const selection = {
        copyWithoutTemplating: input.copyWithoutTemplating,
        partials: input.partials,
        templateFileExtension,
      };
      const { files, diagnostics, sources } = await renderSkeleton({
        source,
        target,
        context: { [root]: values },
        renderer: {
          ...dialect,
          secrets: recorded.secretValues.map(path => `${root}.${path}`),
          filters,
        },
        ...selection,
        replace: input.replace,
        verify: input.verify,
        // a dry run leaves nothing that could be upgraded
        answers: input.answers !== false &&
          !ctx.isDryRun && {
            path: input.answers === true ? undefined : input.answers,
            text: formatAnswers({
              template: origin(ctx.templateInfo, input.url),
              ...recorded,
              options: { ...dialect, ...selection },
            }),
          },
      });

      const errors = errorsOf(diagnostics);
      if (errors.length > 0) {
        throw new InputError(
          `the skeleton has errors, nothing was written\n${formatDiagnostics(
            errors,
            sources,
          )}`,
        );
      }
      const warnings = warningsOf(diagnostics);
      if (warnings.length > 0) {
        ctx.logger.warn(formatDiagnostics(warnings, sources));
      }
      ctx.logger.info(`Rendered ${files.length} entries of ${input.url}`);
      ctx.output('files', files);
    },
  });
}

function readExtension(input: {
  templateFileExtension?: string | boolean;
  copyWithoutTemplating?: string[];
  cookiecutterCompat?: boolean;
}): string | undefined {
  const extension = input.templateFileExtension;
  if (!extension) {
    return undefined;
  }
  if (input.copyWithoutTemplating || input.cookiecutterCompat) {
    throw new InputError(
      '`templateFileExtension` cannot be used with `copyWithoutTemplating` or `cookiecutterCompat`: it already says which files are rendered',
    );
  }
  if (extension === true) {
    return DEFAULT_EXTENSION;
  }
  return extension.startsWith('.') ? extension : `.${extension}`;
}
