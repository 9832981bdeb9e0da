import { readSchedulerServiceTaskScheduleDefinitionFromConfig } from '@backstage/backend-plugin-api';
import type { SchedulerServiceTaskScheduleDefinition } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { PermissionAction, PermissionInfo } from 'goldenpath';

/** What `goldenpath.policy` says. */
export interface PolicyOptions {
  /** Paths and globs, relative to the working directory. */
  files: string[];
  /** Permissions that the policy may name beyond those known to goldenpath. */
  permissions: PermissionInfo[];
  /** How many bytes the conditions of one decision should have at most. */
  conditionBytes?: number;
  /** Whether reads that are not denied are audited too. */
  auditReads: boolean;
  /** When users and groups are read anew. */
  refresh: SchedulerServiceTaskScheduleDefinition;
}

const ACTIONS = ['create', 'read', 'update', 'delete'] as const;

const DEFAULT_REFRESH: SchedulerServiceTaskScheduleDefinition = {
  frequency: { seconds: 30 },
  timeout: { minutes: 2 },
};

/** Reads `goldenpath.policy`. */
export function readPolicyOptions(rootConfig: Config): PolicyOptions {
  const config = rootConfig.getConfig('goldenpath.policy');
  const refresh = config.getOptionalConfig('refresh');
  return {
    files: config.getStringArray('files'),
    permissions: (config.getOptionalConfigArray('permissions') ?? []).map(
      readPermission,
    ),
    conditionBytes: readConditionBytes(config),
    auditReads: config.getOptionalBoolean('auditReads') ?? false,
    refresh: refresh
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(refresh)
      : DEFAULT_REFRESH,
  };
}

function readConditionBytes(config: Config): number | undefined {
  const bytes = config.getOptionalNumber('conditionBytes');
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes >= 0)) {
    throw new InputError(
      `\`goldenpath.policy.conditionBytes\` is ${bytes}, use a whole number that is not negative`,
    );
  }
  return bytes;
}

function readPermission(config: Config): PermissionInfo {
  return {
    name: config.getString('name'),
    action: readAction(config.getOptionalString('action')),
    resourceType: config.getOptionalString('resourceType'),
    pluginId: config.getOptionalString('pluginId'),
  };
}

function readAction(text: string | undefined): PermissionAction | undefined {
  const action = ACTIONS.find(known => known === text);
  if (text !== undefined && action === undefined) {
    throw new InputError(
      `\`${text}\` in \`goldenpath.policy.permissions\` is not an action, use one of ${ACTIONS.join(
        ', ',
      )}`,
    );
  }
  return action;
}
