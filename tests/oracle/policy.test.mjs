// Conditions against Backstage's own published permission rules: what our core decides with the
// resource at hand is what Backstage decides when it applies the conditions we answer without it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { compilePolicy } from 'goldenpath';

import { Random } from './random.mjs';

// The example installs the backend that these rules are part of.
const backstage = createRequire(
  new URL('../../examples/backstage/package.json', import.meta.url),
);
const { createConditionAuthorizer } = backstage(
  '@backstage/plugin-permission-node',
);
const { permissionRules } = backstage(
  '@backstage/plugin-catalog-backend/alpha',
);
// not exported, but this is what the scaffolder applies
const scaffolder = backstage(
  join(
    dirname(
      backstage.resolve('@backstage/plugin-scaffolder-backend/package.json'),
    ),
    'dist/service/rules.cjs.js',
  ),
);

const user = 'user:default/ann';
const groups = ['group:default/shop', 'group:default/checkout'];
const refs = [user, ...groups, 'group:default/Shop', 'group:default/search'];

/** A condition in each of its forms, and what it may be asked of. */
const types = [
  {
    permission: {
      name: 'catalog.entity.read',
      action: 'read',
      resourceType: 'catalog-entity',
    },
    rules: Object.values(permissionRules),
    condition: random =>
      random.pick([
        () => ({ owner: random.pick(['$ownership', '$self', ...refs]) }),
        () => ({ owner: random.some(refs) }),
        () => ({ kind: random.some(['Component', 'api', 'RESOURCE']) }),
        () => ({ annotation: keyed(random, keys, values) }),
        () => ({ label: keyed(random, keys, values) }),
        () => ({ metadata: keyed(random, paths, [...values, 1, true]) }),
        () => ({ spec: keyed(random, paths, [...values, 1e21, 0.5, false]) }),
      ])(),
    resource: entity,
  },
  {
    permission: {
      name: 'scaffolder.template.step.read',
      action: 'read',
      resourceType: 'scaffolder-template',
    },
    rules: Object.values(scaffolder.scaffolderTemplateRules),
    condition: random => ({ tag: random.some(['a', 'ab', 'secret']) }),
    resource: (random, odd) => {
      const tags = odd
        ? [undefined, null, 'abc', 7, { a: 1 }]
        : [undefined, [], ['a'], ['secret', 'ab']];
      return random.pick([
        () => ({}),
        () => ({ 'backstage:permissions': { tags: random.pick(tags) } }),
      ])();
    },
  },
  {
    permission: {
      name: 'scaffolder.action.execute',
      resourceType: 'scaffolder-action',
    },
    rules: Object.values(scaffolder.scaffolderActionRules),
    condition: random =>
      random.pick([
        () => ({ actionId: random.some(actions) }),
        () => ({
          stringProperty: keyed(random, inputPaths, [...values, '$ownership']),
        }),
        () => ({ numberProperty: keyed(random, inputPaths, [0, 1, -2.5]) }),
        () => ({ booleanProperty: keyed(random, inputPaths, [true, false]) }),
      ])(),
    resource: (random, odd) => ({
      ...(odd && random.chance(0.2) ? {} : { action: random.pick(actions) }),
      ...(odd && random.chance(0.2) ? {} : { input: input(random) }),
    }),
  },
  {
    permission: {
      name: 'scaffolder.task.cancel',
      resourceType: 'scaffolder-task',
    },
    rules: Object.values(scaffolder.scaffolderTaskRules),
    condition: random => ({ createdBy: random.some(['$self', ...refs]) }),
    resource: (random, odd) => ({
      createdBy: random.pick(odd ? [undefined, null, '', 3, ...refs] : refs),
    }),
  },
];

// An environment is an entity, and goldenpath applies the catalog's rules to it, but to nothing else.
types.push({
  ...types[0],
  resource: (random, odd) => {
    const other = entity(random, odd);
    if (random.chance(0.2)) return other;
    const type = random.pick(['environment', 'Environment']);
    return { ...other, kind: 'Resource', spec: { ...other.spec, type } };
  },
  found: ({ kind, spec }) =>
    [kind, spec?.type].join().toLowerCase() === 'resource,environment',
  permission: {
    name: 'goldenpath.environment.destroy',
    action: 'delete',
    resourceType: 'goldenpath-environment',
  },
});

for (const type of types) {
  const { resourceType } = type.permission;
  const authorize = createConditionAuthorizer(type.rules);
  const isAuthorized = (decision, resource) =>
    authorize(
      decision,
      type.found?.(resource) === false ? undefined : resource,
    );

  test(`conditions on ${resourceType} hold where Backstage says so, also of odd resources`, () => {
    const random = new Random(1);
    random.atomic = true;
    let [held, failed, threw] = [0, 0, 0];
    for (let round = 0; round < 400; round++) {
      const when = type.condition(random);
      const allowing = policy([rule(type, 'allow', when)]);
      const denying = policy([rule(type, 'allow'), rule(type, 'deny', when)]);
      for (let i = 0; i < 4; i++) {
        const resource = json(type.resource(random, true));
        const decisions = [allowing, denying].map(each => {
          const partial = decide(each, type);
          const full = decide(each, type, resource).result === 'ALLOW';
          return [attempt(() => isAuthorized(partial, resource)), full];
        });
        const what = `${JSON.stringify(when)} of ${JSON.stringify(resource)}`;
        for (const [theirs, ours] of decisions) {
          // what Backstage cannot decide is not allowed, by neither
          assert.equal(ours, theirs ?? false, what);
        }
        const [[theirs]] = decisions;
        if (theirs === undefined) threw++;
        else if (theirs) held++;
        else failed++;
      }
    }
    assert.ok(held > 50 && failed > 50, `${held} ${failed} ${threw}`);
  });

  test(`random policies on ${resourceType} leave conditions that mean the same to Backstage`, () => {
    const random = new Random(2);
    const results = { ALLOW: 0, DENY: 0, CONDITIONAL: 0 };
    for (let round = 0; round < 400; round++) {
      const rules = random.list(6, () =>
        rule(
          type,
          random.pick(['allow', 'allow', 'deny']),
          random.chance(0.9) ? tree(random, type.condition, 3) : undefined,
        ),
      );
      const compiled = policy(rules);
      const partial = decide(compiled, type);
      results[partial.result]++;
      for (let i = 0; i < 8; i++) {
        const resource = json(type.resource(random, false));
        assert.equal(
          decide(compiled, type, resource).result === 'ALLOW',
          isAuthorized(partial, resource),
          `${JSON.stringify(rules)} of ${JSON.stringify(resource)}`,
        );
      }
    }
    assert.ok(results.CONDITIONAL > 100, JSON.stringify(results));
  });
}

const keys = ['tier', 'Tier', 'example.com/a', 'missing', '__proto__x'];
const values = ['prod', 'PROD', 'İstanbul', 'ΣΑΣ', '', 'true', 'null', '1'];
const paths = [
  ...['name', 'namespace', 'uid', 'tags', 'tags.a', 'Tags.A.b', 'list'],
  ...['deep.er', 'deep.er.est', 'Deep', 'long', 'etag', 'labels.tier'],
];
const actions = [
  ...['fs:delete', 'publish:github', 'publish:gitlab:merge-request'],
  ...['gitlab:group:ensureExists', 'publish:bitbucketCloud', 'githubs:x'],
];
const inputPaths = [
  ...['owner', 'repoUrl', "['owner']", 'path', 'a.b', 'a[0]', 'a[0].b', 'a[]'],
  ...['.a', 'a.', 'a..b', '[a]', '["a.b"]', '[ "a" ]', 'a.length', 'a[', ']a'],
  ...['a[0]b', "a['it\\'s']", 'a["b]', 'a[-1]', 'a[1.5]', 'a.b.c', '[[a]]'],
];

function entity(random, odd) {
  const value = depth =>
    random.pick([
      () => random.pick(values),
      () => random.pick([0, 1, 1e21, 0.5, 1e-7, -0, 12345.678]),
      () => random.pick([true, false, null]),
      () => 'x'.repeat(random.pick([199, 200, 201])),
      () => (depth > 0 ? random.list(3, () => value(depth - 1)) : 'a'),
      () => (depth > 0 ? object(depth - 1) : 'b'),
    ])();
  const names = ['tags', 'list', 'deep', 'er', 'est', 'long', 'a'];
  if (odd) names.push('Tags', 'DEEP');
  const object = depth =>
    Object.fromEntries(
      random.list(4, () => [random.pick(names), value(depth)]),
    );
  const texts = () =>
    Object.fromEntries(
      random.list(3, () => [
        random.pick(odd ? keys : keys.slice(1)),
        random.pick(odd ? [...values, 5, null] : values),
      ]),
    );
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: random.pick(['Component', 'API', 'resource']),
    metadata: {
      name: random.pick(['prod', 'shop']),
      namespace: random.pick([undefined, 'prod', ...(odd ? ['', null] : [])]),
      uid: random.pick([undefined, 'PROD']),
      etag: 'prod',
      annotations: random.pick([undefined, texts(), ...(odd ? [null] : [])]),
      labels: random.pick([undefined, texts()]),
      ...object(2),
    },
    spec: random.pick([undefined, object(3)]),
    relations: random.pick([
      undefined,
      random.list(3, () => ({
        type: random.pick(['ownedBy', 'partOf', 'ownerOf']),
        targetRef: random.pick(refs),
      })),
    ]),
  };
}

function input(random) {
  const names = ['owner', 'repoUrl', 'path', 'a', 'b', 'c', 'a.b', '', "it's"];
  const value = depth =>
    random.pick([
      () => random.pick([...values, ...refs]),
      () => random.pick([0, 1, -2.5, true, false, null]),
      () => (depth > 0 ? random.list(3, () => value(depth - 1)) : 'a'),
      () => (depth > 0 ? object(depth - 1) : 'b'),
    ])();
  const object = depth =>
    Object.fromEntries(
      random.list(5, () => [random.pick(names), value(depth)]),
    );
  return object(3);
}

/** A key alone, or keys with one value or several; one of one, if the condition shall be atomic. */
function keyed(random, names, wanted) {
  if (random.chance(0.25)) return random.pick(names);
  if (random.atomic) return { [random.pick(names)]: random.pick(wanted) };
  return Object.fromEntries(
    random.list(2, () => [
      random.pick(names),
      random.chance(0.7) ? random.pick(wanted) : random.some(wanted),
    ]),
  );
}

function tree(random, condition, depth) {
  if (depth === 0 || random.chance(0.3)) return condition(random);
  const child = () => tree(random, condition, depth - 1);
  return random.pick([
    () => ({ allOf: random.list(3, child) }),
    () => ({ anyOf: random.list(3, child) }),
    () => ({ not: child() }),
  ])();
}

let ids = 0;
function rule(type, effect, when) {
  const permissions = [type.permission.name];
  return { id: `rule-${ids++}`, effect, permissions, when };
}

function policy(rules) {
  const content = JSON.stringify({
    apiVersion: 'goldenpath/v1alpha1',
    kind: 'AccessPolicy',
    rules,
  });
  const compiled = compilePolicy([{ name: 'policy.yaml', content }]);
  assert.ok(compiled.policy, JSON.stringify([compiled.diagnostics, rules]));
  compiled.policy.setDirectory({
    groups: groups.map(ref => ({ ref })),
    users: [{ ref: user, memberOf: groups }],
  });
  return compiled.policy;
}

function decide(compiled, { permission }, resource) {
  const subject = { userEntityRef: user };
  return compiled.decide({ permission, subject, resource });
}

function attempt(ask) {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** As the resource comes out of a database or a request. */
function json(value) {
  return JSON.parse(JSON.stringify(value));
}
