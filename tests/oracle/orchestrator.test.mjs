// Our verdict on a file against that of Backstage's published orchestrator, on every case file of the
// project and on thousands of generated ones, in both ways that Backstage can be installed. Accepted
// entities must be read alike. What differs is listed in `catalog/disagreements.mjs`.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { checkCatalogFile, readKinds } from 'goldenpath';

import { disagreements } from './catalog/disagreements.mjs';
import { handmade } from './catalog/handmade.mjs';
import { mutate, mutateFile, mutateOwn } from './catalog/mutate.mjs';
import {
  installation,
  ofReading,
  pulledModel,
} from './catalog/orchestrator.mjs';
import { random } from './generate.mjs';

const installations = {
  builtin: installation('builtin'),
  model: installation('model'),
  own: installation('own'),
};

/** What our engine is told of each. */
const options = {
  builtin: { unknownFields: 'off' },
  model: { unknownFields: 'off' },
  own: { unknownFields: 'off', model: kindsOf(pulledModel()) },
};

/** How often each of the list was met. */
const met = new Map(disagreements.map(({ name }) => [name, 0]));
const unexplained = [];
let compared = 0;

for (const folder of ['tests/cases/catalog', 'tests/cases/yaml']) {
  test(`agrees on the files of ${folder}`, () => onFiles(folder));
}
test('agrees on the examples', () => onFiles('examples/catalog'));

test('agrees on generated descriptors', () =>
  onGenerated(Number(process.env.ORACLE_COUNT ?? 5000), random(11), mutate));

test('agrees on generated files of several documents', () =>
  onGenerated(1500, random(12), mutateFile));

test('agrees on what is hard to come by', async () => {
  for (const [index, text] of handmade.entries()) {
    await compare(text, `hand-made ${index}`);
  }
  settle();
});

test('agrees on kinds of a model that is pulled', () =>
  onGenerated(1500, random(13), mutateOwn, ['own']));

test('meets every listed disagreement', () => {
  const gone = [...met].filter(([, times]) => times === 0);
  assert.deepEqual(
    gone.map(([name]) => name),
    [],
    'listed, but both say the same now',
  );
});

after(() => {
  const times = [...met].map(([name, count]) => `  ${count} × ${name}`);
  console.log(
    [`${compared} verdicts compared; listed disagreements:`, ...times].join(
      '\n',
    ),
  );
});

async function onFiles(folder) {
  const root = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
  const names = readdirSync(root, { recursive: true }).filter(name =>
    /\.ya?ml$/.test(name),
  );
  assert.ok(names.length > 5);
  for (const name of names.sort()) {
    await compare(readFileSync(root + name, 'utf8'), `${folder}/${name}`);
  }
  settle();
}

async function onGenerated(count, next, make, worlds) {
  for (let index = 0; index < count; index++) {
    await compare(make(next), `#${index}`, worlds);
  }
  settle();
}

async function compare(text, name, worlds = Object.keys(installations)) {
  for (const world of worlds) {
    const ours = judge(text, options[world]);
    const theirs = await installations[world](text);
    for (const difference of differences(ours, theirs)) {
      const found = { ...difference, world, text, name };
      const listed = disagreements.filter(
        known =>
          (known.worlds ?? [world]).includes(world) && known.explains(found),
      );
      for (const { name: known } of listed) met.set(known, met.get(known) + 1);
      if (listed.length === 0) unexplained.push(found);
    }
  }
}

/** What our engine says, in the shape of what Backstage says. */
function judge(text, wishes) {
  const report = checkCatalogFile(
    { name: 'catalog-info.yaml', content: text },
    wishes,
  );
  const refusals = diagnostics =>
    diagnostics.filter(({ severity }) => severity === 'error');
  const entities = report.documents.map(document => ({
    entity: document.entity,
    hasEnvelope: document.hasEnvelope,
    errors: refusals(document.diagnostics),
  }));
  // Text that cannot be read, or a document that is no entity, is held against the file.
  const errors = [
    ...refusals(report.diagnostics),
    ...entities.flatMap(({ hasEnvelope, errors: found }) =>
      found.filter(({ code }) => !hasEnvelope || isOfText(code)),
    ),
  ];
  return { errors, entities };
}

/** Where the two differ: on the file, or on an entity of it. */
function differences(ours, theirs) {
  compared += 1;
  const fileRefused = ours.errors.length > 0;
  if (fileRefused || theirs.refused) {
    const both = fileRefused && theirs.refused;
    return both
      ? []
      : [
          {
            of: 'file',
            ours: codes(ours.errors),
            theirs: theirs.refused,
            document: ours.entities[0]?.entity,
          },
        ];
  }
  const documents = ours.entities;
  if (documents.length !== theirs.entities.length) {
    return [
      {
        of: 'count',
        ours: documents.length,
        theirs: theirs.entities.length,
        document: documents[0]?.entity,
      },
    ];
  }
  return documents.flatMap(({ entity, errors }, index) => {
    compared += 1;
    const { read, refused } = theirs.entities[index];
    if (errors.length > 0 !== (refused !== undefined)) {
      return [
        {
          of: 'entity',
          ours: codes(errors),
          theirs: refused,
          document: entity,
        },
      ];
    }
    const expected = JSON.stringify(read);
    const found = JSON.stringify(asRead(entity));
    return found === expected
      ? []
      : [{ of: 'value', ours: found, theirs: expected, document: entity }];
  });
}

function kindsOf(content) {
  const { kinds, diagnostics } = readKinds({ name: 'model.json', content });
  assert.deepEqual(diagnostics, []);
  return kinds;
}

/** With the annotations that Backstage adds when it reads a file. */
function asRead(entity) {
  const { metadata } = entity;
  const [location, origin] = Object.entries(ofReading);
  const annotations = {
    ...metadata.annotations,
    ...Object.fromEntries([origin, location]),
  };
  return { ...entity, metadata: { ...metadata, annotations } };
}

function isOfText(code) {
  return /^(yaml|source)\//.test(code);
}

function codes(errors) {
  return errors.map(({ code }) => code);
}

/** Fails with what nothing explains, the first of each sort in full. */
function settle() {
  const found = unexplained.splice(0);
  const sorts = new Map();
  for (const each of found) {
    const reason = String(each.theirs).replace(/\w+:\S*\/\S+/g, '…');
    const sort = `${each.world} ${each.of}: ours ${each.ours}, Backstage's ${reason}`;
    sorts.set(sort, [...(sorts.get(sort) ?? []), each]);
  }
  const shown = [...sorts]
    .slice(0, 40)
    .map(
      ([sort, [first, ...rest]]) =>
        `${sort} (${rest.length + 1} times, first ${first.name})\n${
          first.text
        }`,
    );
  assert.equal(found.length, 0, shown.join('\n────\n'));
}
