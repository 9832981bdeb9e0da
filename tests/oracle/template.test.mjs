// Proves that the expected outputs of tests/cases/template are those of Nunjucks 3.2.4.
//
// `node tests/oracle/template.test.mjs --update` writes them. A case that has a reason not to be
// compared names it in its header (`"oracle": "why"`), and so does a case that shall differ
// (`"differs": "why"`), of which this test demands that it does.

import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readCaseFiles, writeExpected } from './cases.mjs';
import { render, renderValue } from './nunjucks.mjs';

const update = process.argv.includes('--update');
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
    if (each.differs !== undefined) {
      test(`${id} (differs: ${each.differs})`, () => {
        assert.notEqual(answer.output, each.expected.output);
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

test('Nunjucks was asked at all', () => assert(compared > 0));

function ask(each) {
  try {
    if (each.value === undefined) return { output: render(each) };
    return { output: JSON.stringify(renderValue(each), null, 2) };
  } catch (error) {
    return { error };
  }
}
