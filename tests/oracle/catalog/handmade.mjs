// Descriptors that chance does not make often enough.

const resource = (metadata, spec) =>
  `apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: a, ${metadata} }
spec: { type: database, owner: team-a, ${spec} }
`;

export const handmade = [
  ...['~', '0', 'false', "''", '-0', 'true', '[]', '5', 'text', '{}'].map(
    value => resource(`annotations: ${value}`, ''),
  ),
  ...['~', '{}', '[]', "''", '0'].map(value =>
    resource(`labels: ${value}`, ''),
  ),
  ...[
    'component:b',
    "['component:b']",
    'b',
    '[b]',
    '[[b]]',
    '{}',
    '~',
    "''",
    '5',
  ].flatMap(value => [
    resource('', `dependencyOf: ${value}`),
    resource('', `dependsOn: ${value}`),
    resource('', `system: ${value}`),
  ]),
  ...[
    '[a, a]',
    '[a, ~]',
    "['a\\n']",
    '[ab:c+d#e]',
    '[a-]',
    '[a--b]',
    '[1]',
    '["1"]',
  ].map(value => resource(`tags: ${value}`, '')),
  // the same entity twice, which is for the whole catalogue to say
  `${resource('', '')}---\n${resource('', '')}`,
  // the name of a key that JavaScript has a meaning for
  resource('__proto__: { a: b }, constructor: c', 'toString: d, __proto__: e'),
  `${resource('', '')}relations: ~\n`,
  `${resource('', '')}status: { items: [] }\n`,
  resource("links: [{ url: 'https://a', title: '  ' }]", ''),
  resource("links: [{ url: 'https://a', type: '  ' }]", ''),
  resource("links: [{ url: ' https://a ' }]", ''),
];
