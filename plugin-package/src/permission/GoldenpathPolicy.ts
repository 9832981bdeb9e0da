import type {
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

/** Answers Backstage from a policy; whatever goes wrong, the answer is no. */
export class GoldenpathPolicy implements PermissionPolicy {
  readonly #policy: { decide(request: DecisionRequest): Decision };
  readonly #userInfo: UserInfoService;
  readonly #logger: LoggerService;

  constructor(context: {
    policy: { decide(request: DecisionRequest): Decision };
    userInfo: UserInfoService;
    logger: LoggerService;
  }) {
    this.#policy = context.policy;
    this.#userInfo = context.userInfo;
    this.#logger = context.logger;
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
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
      return toPolicyDecision(decision);
    } catch (error) {
      this.#logger.error(
        `${permission.name} is denied, as deciding failed`,
        toError(error),
      );
      return { result: AuthorizeResult.DENY };
    }
  }

  /** `user.info` has it too, but is deprecated. */
  async #subjectOf({ credentials }: PolicyQueryUser) {
    const { userEntityRef, ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(credentials);
    return { userEntityRef, ownershipEntityRefs };
  }
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
