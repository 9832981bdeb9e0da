// Value mode beside the runner that Backstage has installed now (4.x, on nunjitsu): the same values, but
// for what 4.x changed. The typing of up to 3.x is proven by tests/oracle/template.test.mjs.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { readCaseFiles } from './cases.mjs';
import { filters, globals } from './host.mjs';

const backstage = createRequire(
  new URL('../../examples/backstage/package.json', import.meta.url),
);
const home = backstage.resolve('@backstage/plugin-scaffolder-backend');
const scaffolder = createRequire(home);
const { NunjucksWorkflowRunner } = scaffolder(
  join(dirname(home), 'scaffolder/tasks/NunjucksWorkflowRunner.cjs.js'),
);
const { createTemplateRenderer } = scaffolder('nunjitsu');

/** What 4.x changed: why, and the cases. */
const changes = {
  'tags are text there, not read as JSON': [
    'a condition that gives true or false as text',
    'a condition that gives false',
    'a condition around a list',
    'a condition around an object',
    'a condition with a number',
    'a condition with null',
    'a condition with blanks around JSON',
    'a loop that writes JSON',
    'a loop that writes numbers',
    'a filter block with JSON',
    'a switch',
  ],
  'what is empty is empty text there': [
    'an empty text',
    'a condition that gives nothing',
    'a set tag',
    'a comment alone',
  ],
  '3.x does not wrap it in `dump`, and so gives text': [
    'an expression over lines',
    'blank control',
    'blank control and blanks',
  ],
  '`dump` of 3.x sees an object of Nunjucks': ['safe text', 'a regex'],
  'a function is an error there, and the raw text': ['a function'],
  '3.x had the filter in skeletons only, 4.x too; ours has it everywhere': [
    'jsonify',
  ],
};
const changed = new Set(Object.values(changes).flat());

const { cases } = readCaseFiles().find(({ name }) => name === 'value.txt');

for (const each of cases) {
  const { name, value, context, expected, options = {} } = each;
  // an error of ours is there the raw text
  const failed = expected.output === undefined && expected.diagnostics;
  if (each.typing !== undefined || options.strict || failed) continue;
  test(name, () => {
    const renderer = createTemplateRenderer({
      ...{ filters, globals },
      allowRegexExecution: true,
    });
    const { render } = NunjucksWorkflowRunner.prototype;
    const prepared = renderer.prepareContext(context);
    const theirs = JSON.stringify(render(value, prepared, renderer), null, 2);
    if (changed.has(name)) {
      assert.notEqual(theirs, expected.output, 'no longer another value');
    } else {
      assert.equal(theirs, expected.output);
    }
  });
}

test('every change is one of a case', () => {
  const names = cases.map(({ name }) => name);
  assert.deepEqual(
    [...changed].filter(name => !names.includes(name)),
    [],
  );
});
