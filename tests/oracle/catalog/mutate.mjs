// Descriptors that people nearly write: a valid one of every kind, and a few changes to it.

import yaml from 'yaml';

import { entities, metadata, texts } from '../generate.mjs';

/** Values as YAML knows them, written raw in place of a value. */
const scalars = [
  'yes',
  'no',
  'on',
  'True',
  'FALSE',
  '~',
  'Null',
  '',
  '010',
  '08',
  '0o10',
  '0x1F',
  '0b11',
  '1_000',
  '1:30',
  '1.',
  '.5',
  '1e3',
  '+12',
  '-0',
  '.inf',
  '-.INF',
  '.nan',
  '12345678901234567890',
  '1.10',
  '2026-11-24',
  '2026-11-24T10:00:00Z',
  "''",
  '"\\u00e4"',
  "'it''s'",
  '!!str 1',
  '!!int 7',
  '!!float 1',
  '!!bool true',
  '!!null x',
  '!own x',
  '! 5',
  '[a, b]',
  '{a: b}',
  '{{ values.name }}',
  '${{ values.name }}',
  '<<',
  '[]',
  '{}',
  '|\n  a\n  b\n',
  '*anchored',
  '@a',
  '`a`',
  '%a',
  'a: b',
  'a #b',
  'a#b',
  '"a\nb"',
];

const refs = [
  'a',
  'group:a',
  'group:default/a',
  'user:default/a',
  'Group:Default/A',
  'default/a',
  'component: a',
  'group:',
  ':a',
  '/a',
  'a/',
  'group:/a',
  'group:default/',
  'a/b/c',
  'a:b:c',
  'a/b:c',
  'ä',
  ' a ',
  '',
  ' ',
  'a'.repeat(300),
];

const strange = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  '',
  ' ',
  [],
  {},
  [null],
  [''],
  [[]],
  [1],
  { a: null },
  { $text: './a' },
  { $text: 5 },
  { $text: './a', b: 1 },
  { $openapi: './a.yaml' },
  { $file: './a' },
  { $text: 'https://github.com/acme/other/blob/main/a' },
];

/** Each makes one mistake, or something that looks like one. */
const changes = [
  function drop(entity, next) {
    const { parent, key } = somewhere(entity, next);
    if (Array.isArray(parent)) parent.splice(key, 1);
    else delete parent[key];
  },
  function mistype(entity, next) {
    const { parent, key } = somewhere(entity, next);
    parent[key] = structuredClone(next.of(strange));
  },
  function rename(entity, next) {
    const { parent, key } = somewhere(entity, next);
    if (Array.isArray(parent)) return;
    const value = parent[key];
    delete parent[key];
    parent[misspelt(key, next)] = value;
  },
  function otherText(entity, next) {
    const { parent, key } = somewhere(entity, next);
    parent[key] = next.of(texts);
  },
  function scalar(entity, next) {
    const { parent, key } = somewhere(entity, next);
    parent[key] = raw(next.of(scalars));
  },
  function wrap(entity, next) {
    const { parent, key } = somewhere(entity, next);
    parent[key] = next(2) ? [parent[key]] : { [next.of(texts)]: parent[key] };
  },
  function add(entity, next) {
    const { parent, key } = somewhere(entity, next);
    if (Array.isArray(parent)) parent.push(structuredClone(parent[key]));
    else parent[next.of(texts)] = structuredClone(next.of(strange));
  },
  function kind(entity, next) {
    entity.kind = next.of([
      ...entities.map(([name]) => name),
      ...[
        'Robot',
        'Tool',
        'component',
        'Componnent',
        'Foo',
        'api',
        'Api',
        'a-b',
        '',
      ],
    ]);
  },
  function version(entity, next) {
    entity.apiVersion = next.of([
      'backstage.io/v1alpha1',
      'backstage.io/v1beta1',
      'backstage.io/v1beta2',
      'backstage.io/v1',
      'acme.com/v1',
      'acme.com/v2',
      'scaffolder.backstage.io/v1beta3',
      'v1',
      'a/b/c',
      'backstage.io/',
      '/v1',
      'Backstage.io/v1alpha1',
    ]);
  },
  function name(entity, next) {
    entity.metadata = { ...entity.metadata, name: next.of(texts) };
  },
  function namespace(entity, next) {
    entity.metadata = { ...entity.metadata, namespace: next.of(texts) };
  },
  function label(entity, next) {
    entity.metadata.labels = {
      ...entity.metadata.labels,
      [next.of(texts)]: next(4) ? next.of(texts) : next.of(strange),
    };
  },
  function annotation(entity, next) {
    const key = next.of([...texts, 'acme.com/bay']);
    entity.metadata.annotations = {
      ...entity.metadata.annotations,
      [key]: next(4) ? next.of(texts) : next.of(strange),
    };
  },
  function tag(entity, next) {
    entity.metadata.tags = [
      'a',
      next(4) ? next.of(texts) : next.of(strange),
      ...(next(2) ? ['a'] : []),
    ];
  },
  function link(entity, next) {
    const value = { url: next.of(texts) };
    for (const field of ['title', 'icon', 'type', 'other']) {
      if (next(3) === 0) value[field] = next.of([...texts, null, 5, []]);
    }
    entity.metadata.links = [value];
  },
  function reference(entity, next) {
    if (!isObject(entity.spec)) return;
    const fields = Object.keys(entity.spec);
    const field = next.of([...fields, 'dependsOn', 'dependencyOf', 'system']);
    const ref = next.of(refs);
    entity.spec[field] =
      Array.isArray(entity.spec[field]) || next(6) === 0 ? [ref] : ref;
  },
  function specType(entity, next) {
    if (!isObject(entity.spec)) return;
    entity.spec.type = next.of([
      ...['mcp-server', 'skill', 'rule', 'plugin', 'marketplace', 'url'],
      ...['file', 'openapi', '', ' ', null, 5, ['skill'], { a: 1 }],
    ]);
  },
  function target(entity, next) {
    if (!isObject(entity.spec)) return;
    const field = next.of(['target', 'targets', 'presence', 'type']);
    entity.spec[field] = next.of([
      ...['./b', '../b', '/b', 'https://a/b', '', 'required', 'Optional'],
      ...[null, [], ['./b', ''], [null], 'file', 'url', 5],
    ]);
  },
  function foreign(entity, next) {
    const field = next.of(['relations', 'status', 'metdata', 'Spec', 'x']);
    entity[field] = next.of([null, [], {}, 'a', [{ type: 'a', target: 'b' }]]);
  },
];

const versions = {
  Template: 'scaffolder.backstage.io/v1beta3',
  Robot: 'acme.com/v1',
  Tool: 'acme.com/v1',
};

/** Entities of the kinds that the installation `own` adds. */
const ofOwnKinds = [
  ['Robot', { arms: 2, made: { by: 'a' } }],
  ['Robot', { type: 'welder', volts: 230 }],
  ['Tool', { type: 'drill', speed: '5rpm' }],
];

/** A descriptor as YAML or JSON, with up to three changes. */
export function mutate(next) {
  return mutateOne(next, entities);
}

/** The same of kinds of one's own. */
export function mutateOwn(next) {
  return mutateOne(next, ofOwnKinds);
}

function mutateOne(next, choice) {
  const [kind, spec] = next.of(choice);
  const entity = structuredClone({
    apiVersion: versions[kind] ?? 'backstage.io/v1alpha1',
    kind,
    metadata,
    spec,
  });
  // Optional fields are mostly left out, so that what is left is what counts.
  for (const field of Object.keys(entity.metadata)) {
    if (field !== 'name' && next(3) === 0) delete entity.metadata[field];
  }
  for (let count = next(4); count > 0; count--) {
    try {
      next.of(changes)(entity, next);
    } catch (error) {
      // A change before has taken away what this one would change.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return written(entity, next);
}

/** A few of them in one file. */
export function mutateFile(next) {
  const marks = ['---\n', '---\n', '\n---\n', '---\n# c\n', '...\n---\n'];
  let text = next(3) === 0 ? '---\n' : '';
  for (let count = 1 + next(3); count > 0; count--) {
    text += mutate(next) + (count > 1 ? next.of(marks) : '');
  }
  return text + next.of(['', '', '', '---\n', '\n# end\n', '---\n~\n']);
}

function somewhere(entity, next) {
  let parent = entity;
  for (;;) {
    const keys = Object.keys(parent);
    const key = next.of(keys);
    const child = parent[key];
    const isInner =
      isObject(child) || (Array.isArray(child) && child.length > 0);
    if (!isInner || Object.keys(child).length === 0 || next(4) === 0) {
      return { parent, key };
    }
    parent = child;
  }
}

function isObject(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !('$raw' in value)
  );
}

/** The name with a letter less, more, or in the other case. */
function misspelt(name, next) {
  const at = next(name.length);
  const letter = name[at] ?? 'x';
  return (
    name.slice(0, at) +
    next.of(['', letter + letter, 'x', letter.toUpperCase()]) +
    name.slice(at + 1)
  );
}

function raw(text) {
  return { $raw: text };
}

function written(entity, next) {
  const raws = [];
  const marked = JSON.parse(JSON.stringify(entity), (_, value) => {
    if (typeof value?.$raw !== 'string') return value;
    raws.push(value.$raw);
    return `raw${raws.length - 1}raw`;
  });
  const text =
    raws.length === 0 && next(4) === 0
      ? `${JSON.stringify(marked, undefined, next(2))}\n`
      : yaml.stringify(marked, {
          indentSeq: next(2) === 0,
          defaultStringType: next.of(['PLAIN', 'QUOTE_DOUBLE', 'PLAIN']),
          defaultKeyType: 'PLAIN',
          lineWidth: next.of([0, 40, 80]),
        });
  return text.replace(/"?raw(\d+)raw"?/g, (_, index) => raws[index]);
}
