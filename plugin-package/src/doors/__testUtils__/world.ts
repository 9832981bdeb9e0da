import type { Entity } from '@backstage/catalog-model';
import type { DecisionRequest, JsonObject, PermissionInfo } from 'goldenpath';

/** A request as every door takes it: by somebody, at a time. */
export type Asked = DecisionRequest &
  Required<Pick<DecisionRequest, 'subject' | 'now'>>;

export const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles:
  reader: {}
  engineer: { inherits: [reader] }
  operator: { inherits: [engineer] }
bindings:
  - { role: reader, to: everyone }
  - { role: engineer, to: [group:default/g0, group:default/g3] }
  - { role: operator, to: [group:default/g5], until: 2026-11-24T12:00:00Z }
  - role: operator
    to: [group:default/g1]
    breakGlass: { reason: required, maxDuration: 4h, notify: [group:default/g5] }
rules:
  - id: read-public
    effect: allow
    role: reader
    permissions: catalog.entity.read
    when: { not: { label: { tier: secret } } }
  - { id: read-own, effect: allow, role: reader, permissions: catalog.entity.read, when: { owner: $ownership } }
  - { id: read-all, effect: allow, role: operator, permissions: catalog.entity.read }
  - id: change-own
    effect: allow
    role: engineer
    permissions: [catalog.entity.delete, catalog.entity.refresh, goldenpath.platform.*]
    when: { anyOf: [{ owner: $ownership }, { annotation: { shared: 'true' } }] }
  - id: change-at-work
    effect: allow
    role: operator
    permissions: [catalog.entity.*, goldenpath.platform.*]
    when: { time: { within: Mon-Fri 08:00-18:00 Europe/Berlin } }
  - { id: create, effect: allow, role: engineer, permissions: { action: create } }
  - id: small
    effect: allow
    role: reader
    permissions: goldenpath.environment.create
    when: { context: { input.tier: [dev, test] } }
  - id: freeze
    effect: deny
    permissions: ['*.create', goldenpath.platform.apply]
    when: { context: { freeze: true } }
  - id: no-prod-at-night
    effect: deny
    permissions: catalog.entity.delete
    when: { allOf: [{ label: { tier: prod } }, { time: { outside: '06:00-22:00 America/New_York' } }] }
  - id: never-templates
    effect: deny
    role: engineer
    permissions: catalog.entity.delete
    when: { kind: Template }
  - { id: cluster, effect: allow, role: operator, permissions: kubernetes.* }
`;

const GROUPS = 8;
const USERS = 40;

/** Users in nested groups, and what they own: as a catalogue file has them, and as Backstage relates them. */
export const PEOPLE: Entity[] = [
  ...Array.from({ length: GROUPS }, (_, n) => {
    const parent = n > 1 ? `group:default/g${Math.floor(n / 2)}` : undefined;
    return {
      ...envelope('Group', `g${n}`),
      spec: { type: 'team', children: [], ...(parent && { parent }) },
      relations: parent ? [{ type: 'childOf', targetRef: parent }] : [],
    };
  }),
  ...Array.from({ length: USERS }, (_, n) => {
    // some are nowhere
    const memberOf = [n % 11, (n * 7) % 13]
      .filter(group => group < GROUPS)
      .map(group => `group:default/g${group}`);
    return {
      ...envelope('User', `u${n}`, { 'github.com/user-login': `login-${n}` }),
      spec: { memberOf },
      relations: memberOf.map(targetRef => ({ type: 'memberOf', targetRef })),
    };
  }),
];

/** A permission that nobody declares. */
export const UNKNOWN = 'nobody.knows.it';

const PERMISSIONS: PermissionInfo[] = [
  ...['read', 'delete', 'refresh'].map(verb => ({
    name: `catalog.entity.${verb}`,
    action: (verb === 'refresh' ? 'update' : verb) as 'read' | 'delete',
    resourceType: 'catalog-entity',
  })),
  ...['plan', 'apply'].map(verb => ({
    name: `goldenpath.platform.${verb}`,
    resourceType: 'catalog-entity',
  })),
  ...[
    'catalog.location.create',
    'scaffolder.task.create',
    'goldenpath.environment.create',
  ].map(name => ({ name, action: 'create' as const })),
  { name: 'kubernetes.proxy' },
  { name: UNKNOWN },
];

/** Requests that are the same in each run. */
export function generate(count: number, seed: number): Asked[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => request(random));
}

export function entity(random: Random): JsonObject {
  const owners = random.some([
    `user:default/u${random.below(USERS)}`,
    `group:default/g${random.below(GROUPS)}`,
  ]);
  const tier = random.of(['dev', 'prod', 'secret', undefined]);
  const made = {
    ...envelope(
      random.of(['Component', 'Resource', 'Template']),
      `e${random.below(1000)}`,
      random.below(3) === 0 ? { shared: random.of(['true', 'false']) } : {},
    ),
    relations: owners.map(targetRef => ({ type: 'ownedBy', targetRef })),
  };
  return {
    ...made,
    metadata: { ...made.metadata, labels: tier ? { tier } : {} },
    spec: { type: random.of(['service', 'größe "\\', '\u2028']) },
  };
}

function request(random: Random): Asked {
  const permission = random.of(PERMISSIONS);
  const claims = random.some([
    `group:default/g${random.below(GROUPS)}`,
    'group:other/Team',
  ]);
  const context = random.of([undefined, {}, circumstances(random)]);
  const hasResource = permission.resourceType && random.below(2) === 0;
  return {
    permission,
    subject: {
      userEntityRef: `user:default/u${random.below(USERS + 2)}`,
      ...(random.below(2) === 0 && { ownershipEntityRefs: claims }),
    },
    ...(hasResource && {
      resource: random.below(50) === 0 ? {} : entity(random),
    }),
    ...(context && { context }),
    now: time(random),
  };
}

function circumstances(random: Random): JsonObject {
  const since = time(random);
  return {
    freeze: random.below(4) === 0,
    input: { tier: random.of(['dev', 'test', 'prod']) },
    ...(random.below(2) === 0 && {
      breakGlass: { reason: 'the shop is down', since },
    }),
  };
}

/** Within two days, before and after the binding's end and the emergency's. */
function time(random: Random): string {
  const start = Date.parse('2026-11-23T12:00:00Z');
  return new Date(start + random.below(48 * 60) * 60_000).toISOString();
}

function envelope(
  kind: string,
  name: string,
  annotations: Record<string, string> = {},
) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default', annotations },
  };
}

/** Mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    /* eslint-disable no-bitwise -- the algorithm is made of them */
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
    /* eslint-enable no-bitwise */
  }

  of<T>(choices: T[]): T {
    return choices[this.below(choices.length)];
  }

  some<T>(choices: T[]): T[] {
    return choices.filter(() => this.below(2) === 0);
  }
}
