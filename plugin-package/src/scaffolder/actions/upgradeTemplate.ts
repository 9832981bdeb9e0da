import {
  type UrlReaderService,
  resolveSafeChildPath,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { ScmIntegrations } from '@backstage/integration';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ANSWERS_FILE, formatDiagnostics, upgradeSkeleton } from 'goldenpath';
import { errorsOf, warningsOf } from '../../diagnostics';
import { createDefaultFilters } from '../createDefaultFilters';
import { fetchSkeleton, origin } from '../fetchSkeleton';
import { examples } from './upgradeTemplate.examples';

/** Brings what a newer skeleton changed into a repository that was rendered from an older one. */
export function createUpgradeTemplateAction(options: {
  reader: UrlReaderService;
  integrations: ScmIntegrations;
  requireScmUserCredentials?: boolean;
}) {
  const filters = createDefaultFilters(options.integrations);

  return createTemplateAction({
    id: 'goldenpath:template:upgrade',
    description:
      'Merges what a newer skeleton changed into a folder that `goldenpath:template:render` has rendered from an older one. What was edited there stays.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        baseUrl: z =>
          z.string({
            description:
              'Folder of the skeleton that it was rendered from, as it was then: a path relative to the template, or a URL.',
          }),
        url: z =>
          z.string({
            description:
              'Folder of the skeleton to follow: a path relative to the template, or a URL.',
          }),
        targetPath: z =>
          z
            .string({
              description:
                'Folder of the workspace to upgrade. Defaults to the workspace itself.',
            })
            .optional(),
        answers: z =>
          z
            .string({
              description: `Where the answers are in that folder. Defaults to \`${ANSWERS_FILE}\`.`,
            })
            .optional(),
        values: z =>
          z
            .record(z.any(), {
              description:
                'Values for the new skeleton, over the recorded ones, and those that were secret.',
            })
            .optional(),
        conflicts: z =>
          z
            .enum(['markers', 'sidecar', 'fail'], {
              description:
                'What to do where both sides changed the same: `markers`, the default, writes both into the file, `sidecar` puts the whole file of the template beside it, `fail` writes nothing and fails.',
            })
            .optional(),
        token: z =>
          z
            .string({ description: 'Token to read the skeletons with.' })
            .optional(),
      },
      output: {
        files: z =>
          z.array(
            z.object({
              path: z.string(),
              action: z.enum([
                'unchanged',
                'added',
                'updated',
                'merged',
                'deleted',
                'conflict',
              ]),
              conflicts: z
                .array(
                  z.object({
                    message: z.string(),
                    line: z.number().optional(),
                  }),
                )
                .optional(),
              sidecar: z.string().optional(),
            }),
            { description: 'What became of each file of either skeleton.' },
          ),
        conflicts: z =>
          z.array(z.string(), {
            description: 'The paths of the files with conflicts.',
          }),
      },
    },
    async handler(ctx) {
      const { input } = ctx;
      const target = resolveSafeChildPath(
        ctx.workspacePath,
        input.targetPath ?? '.',
      );
      const { token } = input;
      const [base, skeleton] = [
        await fetchSkeleton(ctx, { ...options, url: input.baseUrl, token }),
        await fetchSkeleton(ctx, { ...options, url: input.url, token }),
      ];
      const { files, diagnostics, sources, isWritten } = await upgradeSkeleton({
        target,
        answers: input.answers,
        base,
        skeleton,
        values: input.values,
        secrets: Object.values(ctx.secrets ?? {}),
        template: origin(ctx.templateInfo, input.url),
        conflicts: input.conflicts,
        renderer: { filters },
        names: { base: 'old skeleton', skeleton: 'new skeleton' },
      }).catch(error => {
        throw asInputError(error, input.answers);
      });

      const errors = errorsOf(diagnostics);
      if (errors.length > 0) {
        throw new InputError(
          `the folder cannot be upgraded, nothing was written\n${formatDiagnostics(
            errors,
            sources,
          )}`,
        );
      }
      const undecided = files.filter(({ action }) => action === 'conflict');
      const paths = undecided.map(({ path }) => path);
      if (!isWritten) {
        throw new InputError(
          `nothing was written, since these files have conflicts: ${paths.join(
            ', ',
          )}`,
        );
      }
      const warnings = warningsOf(diagnostics);
      if (warnings.length > 0) {
        ctx.logger.warn(formatDiagnostics(warnings, sources));
      }
      for (const { path, conflicts = [] } of undecided) {
        for (const { line, message } of conflicts) {
          ctx.logger.warn(
            `${[path, line].filter(Boolean).join(':')}: ${message}`,
          );
        }
      }
      ctx.output('files', files);
      ctx.output('conflicts', paths);
    },
  });
}

/** Answers that are not there or not readable are the user's to mend. */
function asInputError(error: unknown, answers = ANSWERS_FILE): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    return new InputError(
      `there is no \`${answers}\`: only what \`goldenpath:template:render\` rendered can be upgraded`,
    );
  }
  return error instanceof TypeError ? new InputError(error.message) : error;
}
