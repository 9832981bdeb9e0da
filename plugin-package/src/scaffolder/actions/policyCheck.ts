import type {
  AuthService,
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  InputError,
  NotAllowedError,
  NotFoundError,
  toError,
} from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  type ActionContext,
  createTemplateAction,
} from '@backstage/plugin-scaffolder-node';
import type {
  CheckRequest,
  CheckResult,
  JsonObject,
  PermissionInfo,
} from 'goldenpath';
import type { GoldenpathPolicyService } from '../../policy';
import type { AskedCheck, CheckAudit } from '../CheckAudit';
import { examples } from './policyCheck.examples';

const AFTERWARDS = ['fail', 'output'] as const;

/** Asks the policy whether a task may go on, before it does anything. */
export function createPolicyCheckAction(services: {
  audit: Pick<CheckAudit, 'answered' | 'failed'>;
  auth: AuthService;
  catalog: CatalogService;
  policy: Pick<GoldenpathPolicyService, 'check' | 'permissions'>;
  userInfo: UserInfoService;
}) {
  const { audit, auth, catalog, policy, userInfo } = services;

  async function subjectOf(
    credentials: BackstageCredentials,
    as: string | undefined,
  ): Promise<CheckRequest['subject']> {
    if (auth.isPrincipal(credentials, 'user')) {
      if (as !== undefined) {
        throw new NotAllowedError(
          '`as` is for tasks that a service started: this one is checked for the user who started it',
        );
      }
      const { userEntityRef, ownershipEntityRefs } = await userInfo.getUserInfo(
        credentials,
      );
      return { userEntityRef, ownershipEntityRefs };
    }
    if (as === undefined) {
      throw new InputError(
        'a service started this task: name the user to check in `as`',
      );
    }
    return { userEntityRef: as };
  }

  async function resourceOf(
    credentials: BackstageCredentials,
    resource: string | object | undefined,
  ): Promise<CheckRequest['resource']> {
    if (typeof resource !== 'string') {
      return resource as JsonObject | undefined;
    }
    const entity = await catalog.getEntityByRef(resource, { credentials });
    if (!entity) {
      throw new NotFoundError(
        `the entity \`${resource}\` is not in the catalogue, or whoever started this task may not read it`,
      );
    }
    return entity as object as JsonObject;
  }

  function permissionOf(named: string | PermissionInfo): PermissionInfo {
    if (typeof named !== 'string') {
      return named;
    }
    const found = policy.permissions().find(({ name }) => name === named);
    if (!found) {
      throw new InputError(
        `the policy knows no permission \`${named}\`, declare it in \`goldenpath.policy.permissions\``,
      );
    }
    return found;
  }

  return createTemplateAction({
    id: 'goldenpath:policy:check',
    description:
      'Asks the policy whether whoever started the task may do what it is about to do. Fails if not, with the rules that decided, unless told to output the answer.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        permission: z =>
          z.union(
            [
              z.string(),
              z
                .object({
                  name: z.string(),
                  action: z
                    .enum(['create', 'read', 'update', 'delete'])
                    .optional(),
                  resourceType: z.string().optional(),
                  pluginId: z.string().optional(),
                })
                .strict(),
            ],
            {
              description:
                'The permission: the name of one that the policy knows, or as its plugin declares it.',
            },
          ),
        resource: z =>
          z
            .union([z.string(), z.record(z.any())], {
              description:
                'What for: the ref of an entity, which is read with the rights of whoever started the task, or the resource itself.',
            })
            .optional(),
        context: z =>
          z
            .record(z.any(), {
              description:
                'Circumstances for conditions on the context. `scaffolder` is added to them: `template`, `user`, `task` and `dryRun`.',
            })
            .optional(),
        digest: z =>
          z
            .string({
              description:
                'What exactly is consented to, such as the hash of a plan. Votes for another digest are void.',
            })
            .optional(),
        votes: z =>
          z
            .array(
              z
                .object({
                  by: z.string(),
                  at: z.string(),
                  digest: z.string().optional(),
                  approve: z.boolean(),
                })
                .strict(),
              {
                description:
                  'What people said so far: `by` (a user), `at` (a time in RFC 3339), `digest`, `approve`.',
              },
            )
            .optional(),
        requester: z =>
          z
            .string({
              description:
                'The user who asked for it, who may not consent to it. Defaults to the one that is checked.',
            })
            .optional(),
        as: z =>
          z
            .string({
              description:
                'The user to check, if a service started the task. Refused if a user did.',
            })
            .optional(),
        onDeny: z =>
          z
            .enum(AFTERWARDS, {
              description:
                'What to do on a denial: `fail` or `output`. Defaults to `fail`.',
            })
            .optional(),
        onNeedsApproval: z =>
          z
            .enum(AFTERWARDS, {
              description:
                'What to do while consent is missing: `fail` or `output`. Defaults to `fail`.',
            })
            .optional(),
      },
      output: {
        outcome: z =>
          z.enum(['allow', 'deny', 'needs-approval'], {
            description: 'Whether the task may go on.',
          }),
        decision: z =>
          z.record(z.any(), {
            description: 'What the rules say, as `Decision` of the engine.',
          }),
        reasons: z =>
          z.array(z.string(), {
            description: 'The rules that decided, each with file and line.',
          }),
        approvals: z =>
          z.array(z.record(z.any()), {
            description:
              'All approvals that apply and how far each is, as `ApprovalState` of the engine.',
          }),
        approvers: z =>
          z.array(z.string(), {
            description: 'Who can still consent, by their refs.',
          }),
        quorum: z =>
          z.number({ description: 'How many still have to consent.' }),
        obligations: z =>
          z.array(z.record(z.any()), {
            description:
              'What has to be done if the task goes on, as `Obligation` of the engine.',
          }),
        digest: z =>
          z.string({ description: 'The `digest` of the input.' }).optional(),
      },
    },
    async handler(ctx) {
      const { input } = ctx;
      const asked: AskedCheck = {
        permission: input.permission,
        resource:
          typeof input.resource === 'string' ? input.resource : undefined,
        circumstances: circumstances(ctx),
      };
      const ask = async () => {
        const credentials = await ctx.getInitiatorCredentials();
        const permission = permissionOf(input.permission);
        const subject = await subjectOf(credentials, input.as);
        asked.subject = subject?.userEntityRef;
        return policy.check({
          permission,
          subject,
          resource: await resourceOf(credentials, input.resource),
          context: {
            ...input.context,
            scaffolder: asked.circumstances,
          } as JsonObject,
          now: new Date().toISOString(),
          digest: input.digest,
          votes: input.votes,
          requester: input.requester,
        });
      };
      const result = await ask().catch(error => {
        audit.failed(asked, toError(error));
        throw error;
      });
      audit.answered(asked, result);
      const reasons = reasonsOf(result);
      const { approvers, quorum } = missingConsent(result);
      ctx.output('outcome', result.outcome);
      ctx.output('decision', result.decision as any);
      ctx.output('reasons', reasons);
      ctx.output('approvals', result.approvals as any);
      ctx.output('approvers', approvers);
      ctx.output('quorum', quorum);
      ctx.output('obligations', result.obligations as any);
      ctx.output('digest', input.digest);

      const told =
        result.outcome === 'deny' ? input.onDeny : input.onNeedsApproval;
      if (result.outcome !== 'allow' && told !== 'output') {
        throw new NotAllowedError(
          [headline(result, approvers, quorum), ...reasons].join('\n  '),
        );
      }
      ctx.logger.info(
        [`the policy says: ${result.outcome}`, ...reasons].join('\n  '),
      );
    },
  });
}

/** What the scaffolder knows of a task. */
function circumstances(ctx: ActionContext<any, any, any>) {
  return {
    template: ctx.templateInfo?.entityRef,
    user: ctx.user?.ref,
    task: ctx.task.id,
    dryRun: ctx.isDryRun ?? false,
  };
}

function reasonsOf({ decision }: CheckResult): string[] {
  return decision.reasons.map(
    ({ rule, effect, message, at }) =>
      `${at.file}:${at.start.line} ${rule} (${effect}): ${message}`,
  );
}

/** Whose consent the approvals that are in the way lack. */
function missingConsent({ approvals }: CheckResult) {
  const stages = approvals
    .flatMap(approval => approval.stages)
    .filter(({ missing }) => missing > 0);
  const approvers = new Set(stages.flatMap(({ candidates }) => candidates));
  return {
    approvers: [...approvers].sort(),
    quorum: stages.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function headline(
  { outcome, decision, approval }: CheckResult,
  approvers: string[],
  quorum: number,
): string {
  if (outcome === 'needs-approval') {
    return `the policy asks for the consent of ${quorum} of ${
      approvers.join(', ') || 'nobody who is known'
    }${approval ? ` (${approval.id}, ${approval.state})` : ''}`;
  }
  if (approval?.state === 'rejected') {
    return `denied, as the approval ${approval.id} was rejected`;
  }
  if (decision.result === 'CONDITIONAL') {
    return 'denied, as the policy has to know the `resource` to decide';
  }
  return decision.reasons.length > 0
    ? 'the policy denies it'
    : 'the policy denies it, as no rule allows it';
}
