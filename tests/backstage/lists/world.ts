// A catalogue in which much differs only by its case, its length or its nesting.
import { Random } from './random.ts';

/** Who asks: a guest of no group, an engineer deep below, an owner, the platform, one in two groups. */
export const USERS = ['guest', 'erin', 'olivia', 'petra', 'quentin'] as const;

/** As long as the catalogue's search has place for, and one more. */
export const LONGEST_FOUND = 'n'.repeat(200);
export const NOT_FOUND = 'n'.repeat(201);

/** A group and the group above it. Names are kept as written, and refs are in lower case. */
const GROUPS: Array<[string, string?]> = [
  ['Engineering'],
  ['Commerce', 'Engineering'],
  ['Team-Payments', 'group:default/commerce'],
  ['Team-Search', 'Commerce'],
  ['search-index', 'Team-Search'],
  ['Index-Night-Watch', 'search-index'],
  ['PLATFORM', 'Engineering'],
  ['outsiders'],
];

const MEMBERSHIPS = {
  erin: ['index-night-watch'],
  olivia: ['Team-Payments'],
  petra: ['PLATFORM'],
  quentin: ['search-index', 'outsiders'],
};

const OWNERS = [
  ...GROUPS.map(([name]) => name),
  'group:Team-Payments',
  'Group:default/team-search',
  'user:olivia',
  'User:default/Erin',
  'nobody-knows-them',
];

const SPECS: Record<string, (random: Random) => object> = {
  Component: random => ({
    type: random.of(['service', 'Service', 'environment']),
    lifecycle: random.of(['production', 'Production', 'experimental']),
    languages: random.of([
      ['Rust', 'TypeScript'],
      ['typescript'],
      ['Rust', 'rust'],
      [],
    ]),
    exposure: random.of([
      { public: true, port: 8080 },
      { public: false, port: 443.5, Via: 'GATEWAY' },
      { 'public.port': 'both', via: ['gateway', { name: 'İstanbul' }] },
      null,
    ]),
  }),
  API: random => ({
    type: random.of(['openapi', 'grpc']),
    lifecycle: random.of(['production', 'deprecated']),
    definition: random.of(['openapi: 3.1.0', `${NOT_FOUND} is no API`]),
  }),
  Resource: random => ({
    type: random.of(['environment', 'Environment', 'database', 'bucket']),
  }),
  System: random => ({ type: random.of([undefined, 'product']) }),
  Domain: () => ({}),
};

/** The descriptors, of which the catalogue makes entities. */
export function descriptors(count: number): object[] {
  const random = new Random(4);
  return [
    ...GROUPS.map(([name, parent]) => group(name, parent)),
    ...Object.entries(MEMBERSHIPS).map(([name, memberOf]) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name },
      spec: { memberOf },
    })),
    ...Array.from({ length: count }, (_, index) => thing(index, random)),
  ];
}

function group(name: string, parent?: string) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', parent, children: [] },
  };
}

function thing(index: number, random: Random) {
  const kind = random.of(Object.keys(SPECS));
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name: `${random.of(['thing', 'Thing', 'THING.old'])}-${index}`,
      namespace: random.of([undefined, 'default', 'shop']),
      tags: random.of([undefined, ['rust'], ['c++', 'legacy']]),
      labels: random.of([
        undefined,
        {},
        { tier: 'production' },
        { tier: 'Production', 'acme.io/exposure': 'public' },
        { Tier: 'PRODUCTION' },
        { tier: 'staging', 'acme.io/Exposure': 'Internal' },
        { tier: '' },
      ]),
      annotations: random.of([
        undefined,
        { 'acme.io/cost-centre': 'A1' },
        { 'acme.io/Cost-Centre': 'a1', 'acme.io/notes': NOT_FOUND },
        { 'acme.io/cost-centre': '', 'acme.io/notes': LONGEST_FOUND },
        { 'acme.io/notes': 'ΟΔΟΣ' },
      ]),
      rank: random.of([undefined, 1, 1.5, true, null]),
    },
    spec: { owner: random.of(OWNERS), ...SPECS[kind](random) },
  };
}
