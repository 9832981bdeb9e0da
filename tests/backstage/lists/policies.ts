// Policies that are tried in turn: some by hand, and many by chance.
import { Random } from './random.ts';
import { LONGEST_FOUND, NOT_FOUND } from './world.ts';

export type When = Record<string, unknown>;

export interface Rule {
  id: string;
  effect: 'allow' | 'deny';
  role?: string;
  permissions: unknown[];
  when?: When;
}

/** A policy, as its YAML is written. */
export interface PolicyText {
  name: string;
  text: string;
}

const RESOURCE_RULES = [
  'catalog.entity.read',
  { resourceType: 'catalog-entity', action: 'delete' },
];

/** Conditions of whose truth the catalogue's lists and its single checks say the same. */
const ATOMS: When[] = [
  { owner: '$ownership' },
  { owner: '$self' },
  { owner: ['Group:default/Team-Payments', 'group:default/platform'] },
  { kind: 'Component' },
  { kind: ['resource', 'API'] },
  { kind: ['User', 'Group'] },
  { label: { tier: 'production' } },
  { label: { TIER: 'Staging' } },
  { label: { tier: '' } },
  { label: 'acme.io/exposure' },
  { annotation: { 'acme.io/cost-centre': 'a1' } },
  { annotation: { 'acme.io/cost-centre': '' } },
  { annotation: { 'acme.io/notes': LONGEST_FOUND } },
  { annotation: { 'acme.io/notes': 'οδος' } },
  { annotation: 'ACME.io/notes' },
  { metadata: { namespace: 'shop' } },
  { metadata: { rank: '1.5' } },
  { metadata: 'rank' },
  { metadata: 'tags.c++' },
  { spec: { lifecycle: 'PRODUCTION' } },
  { spec: { languages: 'RUST' } },
  { spec: { 'languages.typescript': 'true' } },
  { spec: { 'exposure.public': 'true' } },
  { spec: { 'exposure.port': '443.5' } },
  { spec: { 'exposure.public.port': 'both' } },
  { spec: { 'exposure.via': 'gateway' } },
  { spec: { 'exposure.via.name': 'İSTANBUL' } },
  { spec: 'definition' },
  { spec: 'exposure' },
];

/** Written for what a policy is meant for. */
export const CATALOG_POLICIES: PolicyText[] = [
  policy('owners through nested groups', 'ancestors', [
    allow('engineer', { owner: '$ownership' }),
    allow('platform'),
  ]),
  policy('owners of what is above them', 'descendants', [
    allow('reader', { kind: ['Group', 'User'] }),
    allow('engineer', {
      allOf: [{ owner: '$ownership' }, { not: { kind: 'Resource' } }],
    }),
  ]),
  policy('a kind and a label, and not', 'direct', [
    allow('reader', {
      allOf: [
        { kind: 'Component' },
        { not: { label: { tier: 'production' } } },
      ],
    }),
    allow('engineer', { not: { label: 'tier' } }),
    allow('platform', {
      not: { allOf: [{ kind: 'API' }, { label: { tier: 'staging' } }] },
    }),
  ]),
  policy('parts of the specification', 'direct', [
    allow('reader', { spec: { lifecycle: 'experimental' } }),
    allow('engineer', {
      anyOf: [{ spec: { languages: 'rust' } }, { metadata: 'tags.legacy' }],
    }),
    allow('platform', { not: { spec: 'lifecycle' } }),
  ]),
  policy('annotations with values and without', 'direct', [
    allow('reader', { annotation: { 'acme.io/cost-centre': 'A1' } }),
    allow('engineer', { annotation: 'acme.io/notes' }),
    allow('platform', { not: { annotation: 'acme.io/notes' } }),
  ]),
  policy('denials with conditions', 'ancestors', [
    allow('reader'),
    deny('reader', { label: { tier: 'production' } }),
    deny('engineer', {
      allOf: [{ kind: 'Component' }, { not: { owner: '$ownership' } }],
    }),
    deny('platform', { annotation: { 'acme.io/notes': LONGEST_FOUND } }),
  ]),
];

/** Asks for a value that the catalogue's search leaves out, as it is too long. */
export const LONG_VALUE_POLICY = policy('a long value', 'direct', [
  allow('reader'),
  deny('reader', { annotation: { 'acme.io/notes': NOT_FOUND } }),
]);

/** What is done to environments, whose conditions are the catalogue's. */
const ENVIRONMENT_RULES = [
  ['goldenpath.environment.destroy'],
  ['goldenpath.environment.approve', 'goldenpath.environment.extend'],
  [{ resourceType: 'goldenpath-environment' }],
];

/** Rules over random conditions, some of which reach everybody and some only a role. */
export function randomPolicy(seed: number): PolicyText {
  return randomRules(`random ${seed}`, seed, [RESOURCE_RULES]);
}

/** The same about environments, with rules that are about one permission or several. */
export function environmentPolicy(seed: number): PolicyText {
  return randomRules(
    `environments ${seed}`,
    seed,
    ENVIRONMENT_RULES,
    // Each of them is asked about by its ref, so that what is too long for lists is found, too.
    [...ATOMS, { annotation: { 'acme.io/notes': NOT_FOUND } }],
  );
}

function randomRules(
  name: string,
  seed: number,
  permissions: unknown[][],
  atoms = ATOMS,
): PolicyText {
  const random = new Random(seed);
  const rules = Array.from({ length: 2 + random.below(5) }, (_, index) => {
    const make = index > 0 && random.below(3) === 0 ? deny : allow;
    return {
      ...make(
        random.of(['reader', 'engineer', 'engineer', 'platform']),
        condition(random, atoms),
      ),
      permissions: permissions[index % permissions.length],
    };
  });
  const ownership = random.of(['direct', 'ancestors', 'descendants']);
  return policy(name, ownership, rules);
}

/** A condition of some depth over some of which the truth is known. */
export function condition(
  random: Random,
  atoms: readonly When[],
  depth = 3,
): When {
  const shape = depth === 0 ? 0 : random.below(6);
  const some = () =>
    Array.from({ length: 1 + random.below(3) }, () =>
      condition(random, atoms, depth - 1),
    );
  switch (shape) {
    case 1:
      return { not: condition(random, atoms, depth - 1) };
    case 2:
    case 3:
      return { allOf: some() };
    case 4:
    case 5:
      return { anyOf: some() };
    default:
      return random.of(atoms);
  }
}

/** A policy with the roles of this world; JSON is YAML. */
export function policy(
  name: string,
  ownership: string,
  rules: Array<Omit<Rule, 'id'>>,
): PolicyText {
  const file = {
    apiVersion: 'goldenpath/v1alpha1',
    kind: 'AccessPolicy',
    defaults: { ownership },
    roles: {
      reader: {},
      engineer: { inherits: ['reader'] },
      platform: { inherits: ['engineer'] },
    },
    bindings: [
      { role: 'reader', to: ['everyone'] },
      { role: 'engineer', to: ['group:default/engineering'] },
      { role: 'platform', to: ['group:default/PLATFORM'] },
    ],
    // The ids tell which policy is in effect.
    rules: rules.map((rule, index) => ({
      id: `${name.replaceAll(/[^a-z0-9]+/g, '-')}-${index + 1}`,
      ...rule,
    })),
  };
  return { name, text: JSON.stringify(file, undefined, 2) };
}

function allow(role: string, when?: When): Omit<Rule, 'id'> {
  return { effect: 'allow', role, permissions: RESOURCE_RULES, when };
}

function deny(role: string, when?: When): Omit<Rule, 'id'> {
  return { effect: 'deny', role, permissions: RESOURCE_RULES, when };
}
