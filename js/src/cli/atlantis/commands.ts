import type { PermissionInfo } from '../../types';
import { Unusable } from '../terminal';

/** What an Atlantis command needs. */
interface Need {
  permission: string;
  /** Changes what is there, or says yes to it: for a bot's pull request, nobody's own. */
  changes?: true;
  /** Atlantis asks once, before it knows the pull request. */
  askedOnce?: true;
}

const plan = 'goldenpath.platform.plan';
const apply = 'goldenpath.platform.apply';

const needs: Record<string, Need> = {
  plan: { permission: plan },
  policy_check: { permission: plan },
  version: { permission: plan },
  unlock: { permission: plan, askedOnce: true },
  cancel: { permission: plan, askedOnce: true },
  apply: { permission: apply, changes: true },
  import: { permission: apply, changes: true },
  state: { permission: apply, changes: true },
  approve_policies: {
    permission: 'goldenpath.platform.approve',
    changes: true,
  },
};

/** What a command needs, with the permissions of the policy; some may be given by hand. */
export function needOf(
  command: string,
  given: string[],
  known: PermissionInfo[],
): Omit<Need, 'permission'> & { permission: PermissionInfo } {
  // a command that we do not know may change things, and may never be asked about again
  const need: Partial<Need> = Object.hasOwn(needs, command)
    ? needs[command]
    : { changes: true, askedOnce: true };
  const name = new Map(given.map(pair)).get(command) ?? need.permission;
  if (name === undefined) {
    throw new Unusable(
      `no permission is known for the command \`${command}\`: give --permission COMMAND=NAME`,
    );
  }
  const permission = known.find(candidate => candidate.name === name);
  if (!permission) throw new Unusable(`unknown permission \`${name}\``);
  return { ...need, permission };
}

function pair(text: string): [string, string] {
  const [, command, name] = /^([a-z_]+)=(\S+)$/.exec(text) ?? [];
  if (!command) {
    throw new Unusable(`--permission is COMMAND=NAME, not \`${text}\``);
  }
  return [command, name];
}
