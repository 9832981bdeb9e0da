// Catalogue files as repositories have them, made from a seed: the same on each run.
import { Random } from '../oracle/random.mjs';

const WORDS =
  'account order payment invoice search ledger stock basket identity mail report price route fleet parcel quote audit billing'.split(
    ' ',
  );
const VERBS = 'takes keeps sends checks computes shows stores'.split(' ');
const ANNOTATIONS = [
  ['backstage.io/techdocs-ref', () => 'dir:.'],
  ['github.com/project-slug', (r, name) => `example/${name}`],
  ['backstage.io/source-location', (r, name) => `url:https://github.com/example/${name}/`], // prettier-ignore
  ['pagerduty.com/integration-key', r => `"${hex(r, 32)}"`],
  ['sonarqube.org/project-key', (r, name) => `example_${name}`],
  ['argocd/app-name', (r, name) => `${name}-prod`],
  ['backstage.io/kubernetes-id', (r, name) => name],
  ['backstage.io/kubernetes-namespace', r => r.pick(WORDS)],
  ['jira/project-key', r => r.pick(WORDS).slice(0, 3).toUpperCase()],
  ['grafana/dashboard-selector', r => `"tags @> '${r.pick(WORDS)}'"`],
  ['sentry.io/project-slug', (r, name) => name],
  ['example.com/cost-centre', r => `'${1000 + Math.floor(r.next() * 9000)}'`],
  ['example.com/tier', r => r.pick(['gold', 'silver', 'bronze'])],
];
const TAGS = 'java kotlin go node spring postgres kafka grpc public batch'.split(' '); // prettier-ignore
const KINDS = [
  ...Array(50).fill(component),
  ...Array(15).fill(api),
  ...Array(9).fill(resource),
  ...Array(7).fill(system),
  ...Array(3).fill(domain),
  ...Array(7).fill(group),
  ...Array(7).fill(user),
  ...Array(2).fill(location),
];
const SLIPS = [
  text => text.replace(/^ {2}(owner|profile|type):/m, '  x-$1:'),
  text => text.replace(/^ {2}name: .*$/m, '  name: 2024'),
  text => text.replace(/^metadata:$/m, 'metadata:\n  tags: java'),
  text => text.replace(/^kind: .*$/m, 'kind: Sevrice'),
];

/** `count` files; about one in twenty has a slip of the pen, which all sides have to refuse. */
export function descriptors(count) {
  const r = new Random(7);
  return Array.from({ length: count }, (_, at) => {
    const documents = r.chance(0.1) ? 1 + Math.ceil(r.next() * 4) : 1;
    const parts = Array.from({ length: documents }, () => r.pick(KINDS)(r));
    if (r.chance(0.05)) parts[0] = r.pick(SLIPS)(parts[0]);
    const begin = r.chance(0.3) ? '---\n' : '';
    const text = begin + parts.join('---\n');
    return { name: `service-${at}/catalog-info.yaml`, content: Buffer.from(text) }; // prettier-ignore
  });
}

/** One entity of so many annotations. */
export function manyKeys(count) {
  const lines = Array.from({ length: count }, (_, at) => `    key${at}: value`);
  return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: many
  annotations:
${lines.join('\n')}
spec: { type: service, lifecycle: production, owner: team-a }
`;
}

function entity(r, kind, spec) {
  const name = nameOf(r);
  const lines = ['apiVersion: backstage.io/v1alpha1', `kind: ${kind}`];
  if (r.chance(0.2)) lines.unshift(`# ${r.pick(WORDS)}: see the handbook`);
  lines.push('metadata:', `  name: ${name}`);
  if (r.chance(0.4)) lines.push(`  title: ${titled(name)}`);
  if (r.chance(0.7)) lines.push(...description(r, name));
  if (r.chance(0.2)) lines.push('  labels:', `    example.com/unit: ${r.pick(WORDS)}`); // prettier-ignore
  const annotations = ANNOTATIONS.filter(() => r.chance(0.35));
  if (annotations.length > 0) lines.push('  annotations:');
  for (const [key, value] of annotations) lines.push(`    ${key}: ${value(r, name)}`); // prettier-ignore
  const tags = TAGS.filter(() => r.chance(0.25));
  if (tags.length > 0) lines.push(...list(r, '  ', 'tags', tags));
  const links = Array.from({ length: Math.floor(r.next() * 4) }, () => r.pick(WORDS)); // prettier-ignore
  if (links.length > 0) lines.push('  links:');
  for (const word of links) {
    lines.push(`    - url: https://${word}.example.com/${name}?tab=1#top`);
    if (r.chance(0.8)) lines.push(`      title: ${titled(word)} (production)`);
    if (r.chance(0.5)) lines.push('      icon: dashboard');
  }
  if (r.chance(0.15)) lines.push('');
  lines.push('spec:', ...spec, '');
  return lines.join('\n');
}

function component(r) {
  const spec = [
    `  type: ${r.pick(['service', 'website', 'library'])}`,
    `  lifecycle: ${r.pick(['production', 'experimental', 'deprecated'])}`,
    `  owner: ${owner(r)}`,
  ];
  if (r.chance(0.6)) spec.push(`  system: ${r.pick(WORDS)}`);
  if (r.chance(0.4)) spec.push(...list(r, '  ', 'providesApis', names(r)));
  if (r.chance(0.4)) spec.push(...list(r, '  ', 'consumesApis', names(r)));
  if (r.chance(0.5)) {
    const targets = names(r).map(name => `${r.pick(['component', 'resource'])}:default/${name}`); // prettier-ignore
    spec.push(...list(r, '  ', 'dependsOn', targets));
  }
  return entity(r, 'Component', spec);
}

function api(r) {
  const paths = r.list(6, () => [
    `      /${r.pick(WORDS)}/{id}:`,
    '        get:',
    `          summary: ${r.pick(VERBS)} a ${r.pick(WORDS)}`,
    '          responses: { "200": { description: OK } }',
  ]);
  return entity(r, 'API', [
    '  type: openapi',
    '  lifecycle: production',
    `  owner: ${owner(r)}`,
    '  definition: |',
    '    openapi: "3.0.0"',
    '    info:',
    '      version: 1.0.0',
    `      title: ${r.pick(WORDS)}`,
    '    paths:',
    ...paths.flat(),
  ]);
}

function resource(r) {
  const type = r.pick(['database', 's3-bucket', 'topic']);
  return entity(r, 'Resource', [`  type: ${type}`, `  owner: ${owner(r)}`]);
}

function system(r) {
  return entity(r, 'System', [`  owner: ${owner(r)}`, `  domain: ${r.pick(WORDS)}`]); // prettier-ignore
}

function domain(r) {
  return entity(r, 'Domain', [`  owner: ${owner(r)}`]);
}

function group(r) {
  const parent = r.chance(0.5) ? [`  parent: ${r.pick(WORDS)}`] : [];
  return entity(r, 'Group', [
    '  type: team',
    '  profile:',
    `    displayName: ${titled(r.pick(WORDS))}`,
    `    email: ${r.pick(WORDS)}@example.com`,
    ...parent,
    '  children: []',
    ...list(r, '  ', 'members', names(r)),
  ]);
}

function user(r) {
  return entity(r, 'User', [
    '  profile:',
    `    displayName: ${titled(nameOf(r))}`,
    `  memberOf: [${r.pick(WORDS)}, ${r.pick(WORDS)}]`,
  ]);
}

function location(r) {
  const targets = names(r).map(name => `./${name}/catalog-info.yaml`);
  return entity(r, 'Location', list(r, '  ', 'targets', targets));
}

function description(r, name) {
  const text = `${titled(name)} ${r.pick(VERBS)} what the ${r.pick(
    WORDS,
  )} needs`;
  return r.pick([
    [`  description: ${text}`],
    [`  description: "${text}, and says: \\"done\\""`],
    ['  description: >-', `    ${text},`, `    and ${r.pick(VERBS)} the rest`],
    ['  description: |', `    ${text}.`, '', '    - fast', '    - small'],
    [`  description: ${text}`, '    on two lines'],
  ]);
}

function list(r, indent, key, items) {
  if (r.chance(0.2)) return [`${indent}${key}: [${items.join(', ')}]`];
  const dash = r.chance(0.3) ? '- ' : '  - ';
  return [`${indent}${key}:`, ...items.map(item => `${indent}${dash}${item}`)];
}

function names(r) {
  return [...new Set(r.list(4, () => nameOf(r)))];
}

function nameOf(r) {
  const end = r.pick(['api', 'db', 'web', 'job']);
  return `${r.pick(WORDS)}-${r.pick(WORDS)}-${end}`;
}

function owner(r) {
  return r.pick([`team-${r.pick(WORDS)}`, `group:default/${r.pick(WORDS)}`]);
}

function titled(name) {
  const words = name.split('-');
  return words.map(word => word[0].toUpperCase() + word.slice(1)).join(' ');
}

function hex(r, length) {
  return Array.from({ length }, () => Math.floor(r.next() * 16).toString(16)).join(''); // prettier-ignore
}
