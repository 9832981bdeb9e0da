// Random files for the plugin: the same on every machine.
import { Random } from '../random.mjs';

const users = ['ann', 'ben', 'cay', 'dan', 'eve'].map(
  name => `user:default/${name}`,
);
const groups = ['a', 'b', 'c', 'd'].map(name => `group:default/${name}`);
const roles = ['dev', 'ops', 'all', 'few'].map(name => `role:default/${name}`);
export const permissions = [
  {
    name: 'catalog.entity.read',
    action: 'read',
    resourceType: 'catalog-entity',
  },
  {
    name: 'catalog.entity.delete',
    action: 'delete',
    resourceType: 'catalog-entity',
  },
  { name: 'catalog.location.read', action: 'read' },
  { name: 'scaffolder.action.execute', resourceType: 'scaffolder-action' },
  {
    name: 'scaffolder.task.read',
    action: 'read',
    resourceType: 'scaffolder-task',
  },
  { name: 'kubernetes.proxy' },
  { name: 'policy.entity.create', action: 'create' },
];
const pluginIds = {
  'catalog-entity': 'catalog',
  'scaffolder-action': 'scaffolder',
  'scaffolder-task': 'scaffolder',
};

/** So many worlds: files, groups and requests. */
export function worlds(count) {
  return Array.from({ length: count }, (_, seed) =>
    world(new Random(seed + 1)),
  );
}

function world(random) {
  const parents = groups.map(ref => ({
    ref,
    ...(random.chance(0.35) && { parent: random.pick(groups) }),
  }));
  const directory = {
    groups: parents,
    users: users.map(ref => ({
      ref,
      memberOf: [...new Set(random.list(2, () => random.pick(groups)))],
    })),
  };
  // a user whom no cycle can reach
  directory.users[0].memberOf = [];
  return {
    csv: csv(random),
    conditions: conditions(random),
    precedence: random.chance(0.3) ? 'basic' : 'conditional',
    directory,
  };
}

function csv(random) {
  const lines = new Map();
  random.list(45, () => {
    const permission = random.pick(permissions);
    const subject = random.chance(0.75)
      ? random.pick(roles)
      : random.pick([...users, ...groups]);
    const object =
      random.chance(0.5) && permission.resourceType
        ? permission.resourceType
        : permission.name;
    const action = permission.action ?? 'use';
    const effect = random.chance(0.65) ? 'allow' : 'deny';
    const line = `p, ${subject}, ${object}, ${action}`;
    lines.set(line, `${line}, ${effect}`);
  });
  random.list(12, () => {
    const line = `g, ${random.pick([...users, ...groups])}, ${random.pick(
      roles,
    )}`;
    lines.set(line, line);
  });
  // `policy-entity` is left out of access policies, but decides here
  if (random.chance(0.3)) {
    lines.set('', `p, ${random.pick(roles)}, policy-entity, create, allow`);
  }
  return `${[...lines.values()].join('\n')}\n`;
}

function conditions(random) {
  const documents = random.list(8, () => {
    const {
      name,
      action = 'use',
      resourceType,
    } = random.pick(permissions.filter(permission => permission.resourceType));
    return JSON.stringify({
      result: 'CONDITIONAL',
      roleEntityRef: random.pick(roles),
      pluginId: pluginIds[resourceType],
      resourceType,
      permissionMapping: [random.chance(0.6) ? action : { name, action }],
      conditions: criteria(random, resourceType, 2),
    });
  });
  return random.chance(0.8) ? `${documents.join('\n---\n')}\n` : undefined;
}

function criteria(random, resourceType, depth) {
  const child = () => criteria(random, resourceType, depth - 1);
  if (depth > 0 && random.chance(0.5)) {
    return random.pick([
      () => ({ allOf: random.list(2, child) }),
      () => ({ anyOf: random.list(2, child) }),
      () => ({ not: child() }),
    ])();
  }
  const refs = ['$currentUser', '$ownerRefs', ...groups, ...users];
  const rule = (name, params) => ({ rule: name, resourceType, params });
  const rules = {
    'catalog-entity': [
      () =>
        rule('IS_ENTITY_OWNER', {
          claims: random.list(3, () => random.pick(refs)),
        }),
      () =>
        rule('IS_ENTITY_KIND', { kinds: [random.pick(['API', 'Component'])] }),
      () => rule('HAS_LABEL', { label: 'tier', value: 'prod' }),
    ],
    'scaffolder-action': [
      () => rule('HAS_ACTION_ID', { actionId: 'publish:github' }),
      () =>
        rule('HAS_STRING_PROPERTY', { key: 'owner', value: '$currentUser' }),
    ],
    'scaffolder-task': [
      () => rule('IS_TASK_OWNER', { createdBy: [random.pick(refs)] }),
    ],
  };
  return random.pick(rules[resourceType])();
}
