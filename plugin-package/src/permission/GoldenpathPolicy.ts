import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  AuthorizeResult,
  type Permission,
  type PolicyDecision,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import type { Decision, DecisionRequest, PermissionInfo } from 'goldenpath';
import type { AuditedDecision, DecisionAudit } from './DecisionAudit';

/** What decides, and which version of it. */
interface DecidingPolicy {
  readonly version: string;
  decide(request: DecisionRequest): Decision;
}

/** Answers Backstage from a policy; whatever goes wrong, the answer is no. */
export class GoldenpathPolicy implements PermissionPolicy {
  readonly #policy: DecidingPolicy;
  readonly #audit: Pick<DecisionAudit, 'record'>;
  readonly #userInfo: UserInfoService;
  readonly #logger: LoggerService;

  constructor(context: {
    policy: DecidingPolicy;
    audit: Pick<DecisionAudit, 'record'>;
    userInfo: UserInfoService;
    logger: LoggerService;
  }) {
    this.#policy = context.policy;
    this.#audit = context.audit;
    this.#userInfo = context.userInfo;
    this.#logger = context.logger;
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const decided = await this.#decide(permission, user);
    this.#audit.record({
      permission,
      subject: user && refOf(user),
      ...decided,
    });
    return toPolicyDecision(decided.decision);
  }

  async #decide(
    permission: Permission,
    user?: PolicyQueryUser,
  ): Promise<Pick<AuditedDecision, 'decision' | 'version' | 'error'>> {
    try {
      const subject = user && (await this.#subjectOf(user));
      const decision = this.#policy.decide({
        permission: toPermissionInfo(permission),
        subject,
        now: new Date().toISOString(),
      });
      this.#logger.debug(`${permission.name}: ${decision.result}`, {
        rules: decision.reasons.map(({ rule }) => rule).join(' '),
      });
      return { decision, version: this.#policy.version };
    } catch (cause) {
      const error = toError(cause);
      this.#logger.error(
        `${permission.name} is denied, as deciding failed`,
        error,
      );
      const decision: Decision = { result: 'DENY', reasons: [] };
      return { decision, version: this.#policy.version, error };
    }
  }

  /** `user.info` has it too, but is deprecated. */
  async #subjectOf({ credentials }: PolicyQueryUser) {
    const { userEntityRef, ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(credentials);
    return { userEntityRef, ownershipEntityRefs };
  }
}

/** Backstage gives a user if a user asks, though its type knows less of the credentials. */
function refOf({ credentials }: PolicyQueryUser): string {
  const { principal } =
    credentials as BackstageCredentials<BackstageUserPrincipal>;
  return principal.userEntityRef;
}

function toPermissionInfo(permission: Permission): PermissionInfo {
  return {
    name: permission.name,
    action: permission.attributes.action,
    resourceType: isResourcePermission(permission)
      ? permission.resourceType
      : undefined,
  };
}

function toPolicyDecision(decision: Decision): PolicyDecision {
  switch (decision.result) {
    case 'ALLOW':
      return { result: AuthorizeResult.ALLOW };
    case 'CONDITIONAL':
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: decision.pluginId,
        resourceType: decision.resourceType,
        conditions: decision.conditions,
      } as PolicyDecision;
    default:
      return { result: AuthorizeResult.DENY };
  }
}
