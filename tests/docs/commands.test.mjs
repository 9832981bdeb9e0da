// The commands in the READMEs of the policy examples are run, each on a copy of the examples.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const fromRoot = path =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));
const program = fromRoot('js/bin/goldenpath.js');

const copy = mkdtempSync(join(tmpdir(), 'goldenpath-examples-'));
after(() => rmSync(copy, { recursive: true, force: true }));
for (const folder of ['catalog', 'policy', 'policy-migration']) {
  cpSync(fromRoot(`examples/${folder}`), join(copy, folder), {
    recursive: true,
  });
}

for (const folder of ['policy', 'policy-migration']) {
  for (const command of commands(folder)) {
    test(`examples/${folder}: goldenpath ${command}`, () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [program, ...command.split(' ')],
        { cwd: join(copy, folder), encoding: 'utf8' },
      );
      assert.equal(status, 0, stdout + stderr);
      assert.notEqual(stdout, '');
      assert.equal(stderr, '');
    });
  }
}

function commands(folder) {
  const readme = readFileSync(join(copy, folder, 'README.md'), 'utf8');
  const found = [...readme.matchAll(/^npx goldenpath (.*)$/gm)];
  assert.ok(found.length > 0, folder);
  return found.map(([, command]) => command);
}
