// The catalogue engine against the real thing: npm `yaml`, which Backstage reads descriptors with, and
// the policies and validators of `@backstage/catalog-model`. Every case file and thousands of generated
// ones must get the same verdict, and accepted files the same JSON.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

import { checkCatalogFile, formatDiagnostics } from 'goldenpath';

import { parseAll, refuses } from './backstage.mjs';
import { generateEntity, generateYaml, random } from './generate.mjs';

const cases = fileURLToPath(new URL('../cases/', import.meta.url));

for (const area of ['yaml', 'catalog']) {
  test(`agrees with Backstage on the cases of ${area}`, async () => {
    const files = readdirSync(cases + area, { recursive: true })
      .filter(name => name.endsWith('.yaml'))
      .sort();
    assert.ok(files.length > 0);
    for (const name of files) {
      await compare(readFileSync(`${cases}${area}/${name}`, 'utf8'), name);
    }
  });
}

test('agrees with Backstage on generated entities', async () => {
  const next = random(1);
  for (let index = 0; index < 4000; index++) {
    await compare(generateEntity(next), `entity ${index}`);
  }
});

test('agrees with npm yaml on generated text', async () => {
  const next = random(2);
  for (let index = 0; index < 10000; index++) {
    const text = generateYaml(next);
    if (!oddities.some(oddity => oddity.test(text))) {
      await compare(text, `text ${index}`);
    }
  }
});

/** Deviations that are meant; each is an error here where Backstage goes on. */
const stricter = new Set([
  // values that are no JSON: Backstage would hand a Buffer, a Date or a Set to its validators
  'yaml/unsupported-tag',
  // npm yaml makes an object that contains itself, which no JSON can hold
  'yaml/recursive-alias',
  // YAML 1.1 on demand
  'yaml/unsupported-version',
  // npm yaml has no bounds on nesting and size
  'source/limit-exceeded',
]);

/**
 * Text that npm yaml 2.9.1 reads in ways of its own. It is far from what anybody writes, so that it is
 * left out rather than copied.
 */
const oddities = [
  // a key that is written with `?`, or left out before `:`
  /(^|\n|: )\s*(- *)*[?:](\s|$)/,
  // a colon on a line of its own below the key, or below quotes that are not closed
  /\n\s*:/,
  // a second value on the line of the first: `b: []:`
  /: *(- *)*[[{'"].*[\]}'"] *:/,
  // text behind `|` or `>`
  /[|>][-+0-9]* +[^\s#]/,
  // a tab at the beginning of a line, other than before a key or an item
  /(^|\n) *\t *([|>\n]|$)/,
  /[|>][^]*\n *\t/,
  // a line of nothing but spaces in a block scalar
  /[|>][^]*\n +(\n|$)/,
  // a list or an object as a key below a block scalar that keeps its empty lines
  /[|>][-0-9]*\+[^]*\n *[[{]/,
  // a question mark as a value in brackets
  /[[{,:] *\?[,\]} ]/,
  // a carriage return as a line break of its own
  /\r(?!\n)/,
];

/** JSON, with the names that lists and objects have as keys reduced to what matters. */
function canonical(document) {
  return JSON.stringify(document).replace(/"(\[|\{) (.*?) (\]|\})":/g, name =>
    name.replace(/[^\p{L}\p{N}]/gu, ''),
  );
}

/** Whether it contains a placeholder that may become anything. */
function hasUnknownData(value) {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const names = Object.keys(value);
  const isData = names.length === 1 && ['$json', '$yaml'].includes(names[0]);
  return isData || Object.values(value).some(hasUnknownData);
}

async function compare(content, name) {
  const file = { name: 'a.yaml', content };
  const report = checkCatalogFile(file, { unknownFields: 'off' });
  const found = [
    ...report.diagnostics,
    ...report.documents.flatMap(document => document.diagnostics),
  ];
  if (found.some(({ code }) => stricter.has(code))) {
    return;
  }
  const context = () =>
    `${name}\n${content}\n${formatDiagnostics(found, [file])}`;
  const ofText = found.filter(({ code }) => /^(yaml|source)\//.test(code));
  const unreadable = ofText.some(({ severity }) => severity === 'error');
  const expected = parseAll(content);
  assert.equal(
    unreadable,
    expected.error !== undefined,
    `${expected.error}\n${context()}`,
  );
  if (unreadable) {
    return;
  }
  assert.deepEqual(
    report.documents.map(({ entity }) => canonical(entity)),
    expected.documents.map(canonical),
    context(),
  );
  for (const [index, document] of expected.documents.entries()) {
    if (hasUnknownData(document)) {
      continue;
    }
    const refused = report.documents[index].diagnostics.some(
      ({ severity }) => severity === 'error',
    );
    const reason = await refuses(document);
    assert.equal(refused, reason !== undefined, `${reason}\n${context()}`);
  }
}
