import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const js = join(import.meta.dirname, '../../js');
const readme = readFileSync(join(js, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```js\n(.*?)```\n\n```text\n(.*?)```/gs)];

test('the README has an example of each engine', () => {
  assert.equal(examples.length, 9);
});

for (const [, program, output] of examples) {
  test(`README: ${/import \{ (.*?) \}/.exec(program)?.[1]}`, () => {
    const said = execFileSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: js, encoding: 'utf8' },
    );
    assert.equal(said, output);
  });
}
