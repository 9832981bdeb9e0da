// Proves that the expected outputs of tests/cases/template are those of Nunjucks 3.2.4.
//
// `node tests/oracle/template.test.mjs --update` writes them. A case that has a reason not to be
// compared names it in its header (`"oracle": "why"`); a case that shall differ is listed, with the
// reason, in differences.json.

import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readCaseFiles, writeExpected } from './cases.mjs';
import { render } from './nunjucks.mjs';

const differences = JSON.parse(
  readFileSync(new URL('./differences.json', import.meta.url), 'utf8'),
);

const update = process.argv.includes('--update');
const listed = new Set();
let compared = 0;

for (const { name: file, expectedFile, cases } of readCaseFiles()) {
  const names = new Set();
  for (const each of cases) {
    assert(!names.has(each.name), `${file}: two cases named ${each.name}`);
    names.add(each.name);
    if (each.oracle !== undefined) {
      continue;
    }
    const id = `${file.replace(/\.txt$/, '')}: ${each.name}`;
    const answer = ask(each);
    if (differences[id] !== undefined) {
      listed.add(id);
      test(`${id} (differs: ${differences[id]})`, () => {
        assert.notEqual(answer.output, each.expected.output, 'no difference any more');
      });
      continue;
    }
    compared += 1;
    if (update) {
      each.expected.output = answer.output;
      continue;
    }
    test(id, () => {
      assert.equal(each.expected.output, answer.output, answer.error?.message);
    });
  }
  if (update) {
    writeFileSync(expectedFile, writeExpected(cases));
  }
}

test('every listed difference is a case', () => {
  assert.deepEqual(
    Object.keys(differences).filter(id => !listed.has(id)),
    [],
  );
});

test('Nunjucks was asked at all', () => assert(compared > 0));

function ask(each) {
  try {
    return { output: render(each) };
  } catch (error) {
    return { error };
  }
}
