import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { openLab } from './lab.ts';

const POLICY = join(import.meta.dirname, '../../examples/policy');
const program = join(import.meta.dirname, '../../js/bin/goldenpath.js');
const run = promisify(execFile);

const lab = await openLab({
  prepare: directory =>
    cp(POLICY, join(directory, 'policy'), { recursive: true }),
  config: directory => ({
    goldenpath: { policy: { files: [join(directory, 'policy/*.yaml')] } },
  }),
});
after(() => lab.close());

async function lock(token?: string) {
  const out = join(lab.directory, 'policy.lock.json');
  await run(
    process.execPath,
    [
      ...[program, 'policy', 'lock', '--url', lab.stage.url, '--out', out],
      ...(token ? ['--token-env', 'TOKEN'] : []),
    ],
    { env: { ...process.env, TOKEN: token } },
  );
  return readFile(out, 'utf8');
}

test('what Backstage says of its permissions is kept, and the example keeps to it', async () => {
  const { token } = await lab.stage.signIn('erin');
  const text = await lock(token);
  const { plugins } = JSON.parse(text);
  const names = (id: string, what: 'permissions' | 'rules'): string[] =>
    plugins
      .find((plugin: { id: string }) => plugin.id === id)
      [what].map(({ name }: { name: string }) => name);
  assert.ok(names('catalog', 'permissions').includes('catalog.entity.read'));
  assert.ok(names('catalog', 'rules').includes('IS_ENTITY_OWNER'));
  assert.ok(names('scaffolder', 'rules').includes('HAS_ACTION_ID'));
  assert.ok(
    names('goldenpath', 'permissions').includes('goldenpath.policy.read'),
  );
  assert.equal(await lock(token), text);

  const files = (await readdir(POLICY)).filter(name => name.endsWith('.yaml'));
  const path = join(lab.directory, 'policy.lock.json');
  const { stdout } = await run(
    process.execPath,
    [
      ...[program, 'policy', 'lint', ...files, '--permissions', path],
      ...['--format', 'json'],
    ],
    { cwd: POLICY },
  ).catch(error => error);
  const codes = JSON.parse(stdout).diagnostics.map(
    ({ code }: { code: string }) => code,
  );
  for (const code of codes) {
    assert.doesNotMatch(code, /not-installed|wrong-parameter/, stdout);
  }
});

test('who is not signed in is told so', async () => {
  await assert.rejects(lock(), ({ stderr }: { stderr: string }) => {
    assert.match(stderr, /plugin catalog: 401, it wants a token/);
    return true;
  });
});
