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
  covers(permission: PermissionInfo): boolean;
}

/** What Backstage is answered, and what is audited of it. */
interface Answered extends Omit<AuditedDecision, 'permission' | 'subject'> {
  answer: PolicyDecision;
}

/**
 * Answers Backstage from a policy, and from an inner one what that does not cover;
 * whatever goes wrong, the answer is no.
 */
export class GoldenpathPolicy implements PermissionPolicy {
  readonly #policy: DecidingPolicy;
  readonly #inner?: PermissionPolicy;
  readonly #audit: Pick<DecisionAudit, 'record'>;
  readonly #userInfo: UserInfoService;
  readonly #logger: LoggerService;

  constructor(context: {
    policy: DecidingPolicy;
    inner?: PermissionPolicy;
    audit: Pick<DecisionAudit, 'record'>;
    userInfo: UserInfoService;
    logger: LoggerService;
  }) {
    this.#policy = context.policy;
    this.#inner = context.inner;
    this.#audit = context.audit;
    this.#userInfo = context.userInfo;
    this.#logger = context.logger;
  }

  async handle(
    query: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const { answer, ...decided } = await this.#answer(query, user);
    this.#audit.record({
      permission: query.permission,
      subject: user && refOf(user),
      ...decided,
    });
    return answer;
  }

  async #answer(query: PolicyQuery, user?: PolicyQueryUser): Promise<Answered> {
    const { permission } = query;
    let decidedBy: Answered['decidedBy'];
    try {
      const info = toPermissionInfo(permission);
      if (this.#inner && !this.#policy.covers(info)) {
        decidedBy = 'innerPolicy';
        const { version } = this.#policy;
        const answer = await this.#inner.handle(query, user);
        const decision = { result: answer.result, reasons: [] };
        return { answer, decision, decidedBy, version };
      }
      const subject = user && (await this.#subjectOf(user));
      const decision = this.#policy.decide({
        permission: info,
        subject,
        now: new Date().toISOString(),
      });
      this.#logger.debug(`${permission.name}: ${decision.result}`, {
        rules: decision.reasons.map(({ rule }) => rule).join(' '),
      });
      const { version } = this.#policy;
      return { answer: toPolicyDecision(decision), decision, version };
    } catch (cause) {
      const error = toError(cause);
      this.#logger.error(
        `${permission.name} is denied, as deciding failed`,
        error,
      );
      return {
        answer: { result: AuthorizeResult.DENY },
        decision: { result: 'DENY', reasons: [] },
        decidedBy,
        version: this.#policy.version,
        error,
      };
    }
  }

  /**
   * `user.info` has it too, but is deprecated. Not remembered here: Backstage's service
   * keeps each user's answer for five seconds, and is asked once by all items of a batch.
   */
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
