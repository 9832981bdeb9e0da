// A company and its policy, made from a seed: the same on each run.
import { Random } from '../oracle/random.mjs';

export const PERMISSIONS = Array.from({ length: 40 }, (_, at) => ({
  name: `bench.thing${at}.use`,
}));
const READ = 'catalog.entity.read';
export const READ_PERMISSION = {
  name: READ,
  action: 'read',
  resourceType: 'catalog-entity',
};

/** Conditions, made unlike by a number. */
const WHENS = [
  at => `{ owner: $ownership, label: { tier: t${at} } }`,
  at => `{ kind: Resource, label: { tier: [t${at}, prod] } }`,
  at => `{ owner: $ownership, not: { spec: { type: s${at} } } }`,
];

/** Numbers below a bound, from a seed. */
export function random(seed) {
  const numbers = new Random(seed);
  return bound => Math.floor(numbers.next() * bound);
}

/** A forest of 10,000 groups under ten roots, and 100,000 users in `least` to `most` of them each. */
export function directory(least = 1, most = 3) {
  const next = random(1);
  const group = at => `group:default/g${at}`;
  const groups = Array.from({ length: 10_000 }, (_, at) =>
    at < 10
      ? { ref: group(at) }
      : { ref: group(at), parent: group(Math.floor(at / 10)) },
  );
  const users = Array.from({ length: 100_000 }, (_, at) => {
    const memberOf = Array.from({ length: least + next(most - least + 1) }, () => group(next(10_000))); // prettier-ignore
    return { ref: `user:default/u${at}`, memberOf: [...new Set(memberOf)] };
  });
  return { groups, users };
}

/**
 * Ten rules for each role, one of them a deny. Who has which role depends on the number of bindings to
 * groups, not of roles. Some rules on entities have a condition each, no two of them the same.
 */
export function policy(roles, { bound = 2000, conditions = 0 } = {}) {
  const next = random(2);
  const names = Array.from({ length: roles }, (_, at) => `r${at}`);
  const bindings = names.map(() => []);
  for (let at = 0; at < bound; at++) {
    bindings[at % roles].push(`group:default/g${10 + next(9990)}`);
  }
  const rules = names.flatMap((role, at) =>
    Array.from({ length: 10 }, (_, n) => ({
      role,
      effect: n === 9 ? 'deny' : 'allow',
      permission: PERMISSIONS[(at * 7 + n * 3) % PERMISSIONS.length].name,
    })),
  );
  const open = Array.from({ length: conditions }, (_, at) => ({
    role: names[at % roles],
    effect: at % 10 === 9 ? 'deny' : 'allow',
    permission: READ,
    when: WHENS[at % WHENS.length](at),
  }));
  return { names, bindings, rules: [...rules, ...open] };
}

/** The policy in goldenpath's language, and one condition for everyone. */
export function policyFiles({ names, bindings, rules }) {
  const head = ['apiVersion: goldenpath/v1alpha1', 'kind: AccessPolicy'];
  const lines = [
    ...head,
    'roles:',
    ...names.map(name => `  ${name}: {}`),
    'bindings:',
    ...names.map(
      (role, at) =>
        `  - { role: ${role}, to: [${[...new Set(bindings[at])].join(', ')}] }`,
    ),
    'rules:',
    ...rules.map(
      ({ role, effect, permission, when }, at) =>
        `  - { id: x${at}, effect: ${effect}, role: ${role}, permissions: [${permission}]${when ? `, when: ${when}` : ''} }`, // prettier-ignore
    ),
    `  - { id: own, effect: allow, permissions: [${READ}], when: { owner: $ownership } }`,
  ];
  return [{ name: 'policy.yaml', content: `${lines.join('\n')}\n` }];
}

/** The roles that a user has: through groups, and the groups above them. */
export function rolesOf({ groups }, { names, bindings }) {
  const parents = new Map(groups.map(one => [one.ref, one.parent]));
  const bound = new Map();
  bindings.forEach((to, at) =>
    to.forEach(ref => bound.set(ref, [...(bound.get(ref) ?? []), names[at]])),
  );
  return user => {
    const found = new Set();
    for (let ref of user.memberOf) {
      for (; ref; ref = parents.get(ref)) {
        bound.get(ref)?.forEach(role => found.add(role));
      }
    }
    return [...found];
  };
}
