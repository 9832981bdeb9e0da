// Descriptors and YAML by chance, but the same each time.

import { mulberry32 } from './random.mjs';

/** A generator of numbers below `n`, and of choices. */
export function random(seed) {
  const draw = mulberry32(seed);
  const next = n => draw() % n;
  next.of = list => list[next(list.length)];
  return next;
}

/** Every field of `metadata`, each with a value that is right. */
export const metadata = {
  name: 'a',
  namespace: 'b',
  title: 'c',
  description: 'd',
  labels: { 'a.b/c': 'd' },
  annotations: { 'a.b/c': 'd e' },
  tags: ['a', 'b-c'],
  links: [{ url: 'https://a', title: 'b', icon: 'c', type: 'd' }],
};

export const entities = [
  [
    'Component',
    {
      type: 'service',
      lifecycle: 'production',
      owner: 'a',
      system: 'b',
      subcomponentOf: 'c',
      providesApis: ['a'],
      consumesApis: [],
      dependsOn: ['resource:a'],
      dependencyOf: ['component:b'],
    },
  ],
  [
    'API',
    {
      type: 'openapi',
      lifecycle: 'production',
      owner: 'a',
      system: 'b',
      definition: 'x',
    },
  ],
  [
    'API',
    {
      type: 'mcp-server',
      lifecycle: 'production',
      owner: 'a',
      remotes: [{ type: 'sse', url: 'https://a' }],
    },
  ],
  [
    'Resource',
    { type: 'database', owner: 'a', system: 'b', dependsOn: ['component:a'] },
  ],
  ['System', { owner: 'a', domain: 'b', type: 'c' }],
  ['Domain', { owner: 'a', subdomainOf: 'b', type: 'c' }],
  [
    'Group',
    {
      type: 'team',
      children: [],
      parent: 'a',
      members: ['b'],
      profile: { displayName: 'A', email: 'a@b' },
    },
  ],
  ['User', { memberOf: ['a'], profile: { picture: 'https://a' } }],
  [
    'Location',
    { type: 'url', target: './a', targets: ['./b'], presence: 'optional' },
  ],
  [
    'Template',
    {
      type: 'service',
      owner: 'a',
      parameters: [{ title: 'A' }],
      steps: [{ id: 'a', action: 'b', if: true, input: {} }],
      output: { links: [{ url: 'a', if: 'b' }], text: [{ content: 'a' }] },
      presentation: { buttonLabels: { backButtonText: 'a' } },
    },
  ],
  [
    'AiResource',
    {
      type: 'skill',
      lifecycle: 'production',
      owner: 'a',
      dependsOn: ['b'],
      agents: ['c'],
    },
  ],
  [
    'AiResource',
    {
      type: 'rule',
      lifecycle: 'production',
      owner: 'a',
      category: 'b',
      rationale: 'c',
    },
  ],
  [
    'AiResource',
    { type: 'plugin', lifecycle: 'production', owner: 'a', skills: ['b'] },
  ],
  [
    'AiResource',
    {
      type: 'marketplace',
      lifecycle: 'production',
      owner: 'a',
      plugins: ['b'],
    },
  ],
  ['AiResource', { type: 'other', lifecycle: 'production', owner: 'a' }],
];

export const texts = [
  '',
  ' ',
  'a',
  'A',
  'a b',
  '-a',
  'a-',
  'a--b',
  'a..b',
  'a_b',
  'ä',
  '🦀',
  'a/b',
  'a/b/c',
  'a:b',
  ':a',
  'a:',
  'a:/b',
  'a:b/',
  '/a',
  'a.b/c',
  'A.b/c',
  'a..b/c',
  'a/',
  'backstage.io/v1alpha1',
  'backstage.io/v1beta1',
  'scaffolder.backstage.io/v1beta3',
  'v1',
  'c++',
  'c#',
  'web:app',
  'required',
  'https://a.b/c?d#e',
  'http://',
  'https://a b',
  'mailto:a',
  'http:a',
  'https://[::1]:80',
  'https://a:99999',
  'https://1.2.3.4.5',
  'https://a%20b',
  'file:///a',
  'data:,a',
  '//a',
  'x://',
  'x://a b',
  'https://a_b',
  'https://?a',
  'a'.repeat(63),
  'a'.repeat(64),
  `${'a'.repeat(253)}/a`,
  'a'.repeat(501),
  `${`${'a'.repeat(63)}.`.repeat(3)}a/b`,
  'mcp-server',
  'skill',
  'rule',
  'Component',
  'component',
  'Template',
  'a\nb',
  'a\n',
];

const names = [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'name',
  'namespace',
  'title',
  'description',
  'labels',
  'annotations',
  'tags',
  'links',
  'url',
  'icon',
  'type',
  'owner',
  'system',
  'relations',
  'status',
  'uid',
  'each',
  '__proto__',
  'constructor',
  '$text',
  '$txt',
  ...texts,
];

/** A valid entity with up to four changes, as JSON, which is YAML. */
export function generateEntity(next) {
  const [kind, spec] = next.of(entities);
  const entity = structuredClone({
    apiVersion:
      kind === 'Template'
        ? 'scaffolder.backstage.io/v1beta3'
        : 'backstage.io/v1alpha1',
    kind,
    metadata,
    spec,
  });
  for (let changes = next(5); changes > 0; changes--) {
    change(entity, next);
  }
  return JSON.stringify(entity, undefined, next(2));
}

function change(root, next) {
  let parent = root;
  for (;;) {
    const keys = Object.keys(parent);
    if (keys.length === 0) {
      define(parent, next.of(names), junk(next));
      return;
    }
    const key = next.of(keys);
    const child = parent[key];
    const isCollection = typeof child === 'object' && child !== null;
    if (isCollection && next(4) > 0) {
      parent = child;
      continue;
    }
    const action = next(5);
    if (action === 0 && Array.isArray(parent)) {
      parent.splice(key, 1);
    } else if (action === 0) {
      delete parent[key];
    } else if (action === 1 && Array.isArray(parent)) {
      parent.push(junk(next));
    } else if (action === 1) {
      define(parent, next.of(names), junk(next));
    } else if (action === 2 && typeof child === 'string') {
      define(parent, key, next.of(texts));
    } else {
      define(parent, key, junk(next));
    }
    return;
  }
}

function define(object, name, value) {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function junk(next) {
  return next.of([
    () => null,
    () => true,
    () => next(3) - 1,
    () => 1.5,
    () => [],
    () => ({}),
    () => [next.of(texts)],
    () => [null],
    () => ({ [next.of(names)]: next.of(texts) }),
    () => ({ $text: './a' }),
    () => next.of(texts),
    () => next.of(texts),
    () => next.of(texts),
  ])();
}

const values = [
  'a',
  'b c',
  '1',
  '010',
  '0x1F',
  '1.10',
  '.5',
  '~',
  'null',
  'true',
  'yes',
  '.inf',
  '2024-01-01',
  "'s'",
  "'s\n  t'",
  "'s\nt'",
  '"q"',
  '"\\n\\u00e4"',
  '"a\n  b"',
  '[a, b]',
  '[]',
  '{}',
  '{a: 1, b}',
  '{{ x }}',
  '[a,\n  b]',
  '[\n    a\n  ]',
  '[\n  a\n]',
  '{\n  a: 1\n}',
  '[a: 1]',
  '"a": b',
  'a # b',
  'a#b',
  'a:b',
  '- a',
  '? a',
  '',
  '',
  '&x a',
  '&y [a]',
  '*x',
  '*y',
  '!t a',
  '!!str 1',
  '!!int 1',
  '!!int a',
  '! 1',
  '|\n      t',
  '|\n    t\n   u',
  '>-\n    t\n    u\n\n    v',
  '|+\n    t\n\n',
  '|2\n     t',
  'a\n  b',
  'a\n    b',
  'a\nb',
  '@a',
  '🦀',
  '"\\x"',
  '---',
  '# c',
  'a:',
  ': a',
  'a b: c',
];

const keys = [
  'a',
  'b',
  'c',
  'd',
  '"q"',
  "'s'",
  '1',
  '"1"',
  '01',
  'true',
  '~',
  'a b',
  '&z k',
  '*x ',
  '!!str 1',
  '[a]',
  '{b: c}',
  '<<',
  '__proto__',
  '🦀',
];

const characters = [
  ' ',
  '  ',
  '\n',
  '\n  ',
  ':',
  ': ',
  '-',
  '- ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  '#',
  ' #',
  '&',
  '*',
  '!',
  '|',
  '>',
  '@',
  '`',
  '\t',
  '\\',
  '?',
  '? ',
  '\r\n',
  '\n---\n',
  '\n...\n',
  'ä',
];

/** Lines of YAML that nearly fit each other, with up to two characters too many or too few. */
export function generateYaml(next) {
  let text = '';
  for (let count = 1 + next(6); count > 0; count--) {
    text += generateLine(next);
  }
  for (let slips = next(3); slips > 0; slips--) {
    const at = next(text.length + 1);
    text =
      text.slice(0, at) +
      (next(2) ? next.of(characters) : '') +
      text.slice(at + next(2));
  }
  // A half of a surrogate pair is no text.
  return text.toWellFormed
    ? text.toWellFormed()
    : text.replace(/[\ud800-\udfff](?![\udc00-\udfff])/g, '');
}

function generateLine(next) {
  if (next(12) === 0) {
    return next.of(['\n', '---\n', '...\n', '# c\n', '  # c\n']);
  }
  const indent = ' '.repeat(next.of([0, 0, 0, 0, 2, 2, 2, 4, 1]));
  const dash = next.of(['', '', '', '- ', '- - ']);
  const key = next(5) === 0 ? '' : `${next.of(keys)}: `;
  return `${indent}${dash}${key}${next.of(values)}\n`;
}
