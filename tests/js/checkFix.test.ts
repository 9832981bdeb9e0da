import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readFileSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder, tree } from './folders.ts';
import { goldenpath } from './program.ts';

const broken = `# ours
apiVersion: backstage.io/v1alpha1
kind: system   # one
metadata: { name: shop, tags: [Java] }
spec:
  onwer: team-a
`;
const fixed = broken
  .replace('system ', 'System ')
  .replace('Java', 'java')
  .replace('onwer', 'owner');

const crlf = (text: string) =>
  `\ufeff${text.replace('shop', 'crlf').replaceAll('\n', '\r\n')}`;

test('check --fix writes what is certain, and nothing else', t => {
  const good = fixed.replace('shop', 'good');
  const cwd = folder(t, {
    'catalog-info.yaml': broken,
    'good/catalog-info.yaml': good,
    'crlf/catalog-info.yaml': crlf(broken),
  });
  chmodSync(join(cwd, 'catalog-info.yaml'), 0o640);
  const inode = statSync(join(cwd, 'good/catalog-info.yaml')).ino;
  const { status, stdout } = goldenpath(cwd, 'check', '--fix');
  assert.equal(status, 0, stdout);
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  assert.equal(read('catalog-info.yaml'), fixed);
  assert.equal(read('crlf/catalog-info.yaml'), crlf(fixed));
  assert.equal(read('good/catalog-info.yaml'), good);
  assert.equal(statSync(join(cwd, 'good/catalog-info.yaml')).ino, inode);
  assert.equal(statSync(join(cwd, 'catalog-info.yaml')).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(cwd).sort(), [
    'catalog-info.yaml',
    'crlf',
    'good',
  ]);
  assert.match(
    stdout,
    /^fixed catalog-info.yaml:3:7: write `System` \[catalog\/unknown-kind\]\n/,
  );
  assert.match(stdout, /3 files, 3 documents: no problem, 6 fixed\n$/);
});

test('check --fix leaves a file that would not get better', t => {
  const text = broken.replace('system', 'sytsem:a').replace('Java', 'a b');
  const cwd = folder(t, { 'catalog-info.yaml': text.replace('onwer', 'x') });
  const { status, stdout } = goldenpath(cwd, 'check', '--fix');
  assert.equal(status, 1);
  assert.match(stdout, /, 0 fixed\n$/);
  assert.equal(
    readFileSync(join(cwd, 'catalog-info.yaml'), 'utf8'),
    text.replace('onwer', 'x'),
  );
});

test('check --fix --dry-run prints a diff that git applies, and writes nothing', t => {
  const cwd = folder(t, { 'catalog-info.yaml': broken, 'a/b.txt': '' });
  const { status, stdout, stderr } = goldenpath(
    cwd,
    'check',
    '--fix',
    '--dry-run',
  );
  assert.equal(status, 1);
  assert.match(stderr, /: 3 errors, 3 can be fixed\n$/);
  assert.equal(readFileSync(join(cwd, 'catalog-info.yaml'), 'utf8'), broken);
  const applied = spawnSync('git', ['apply', '-'], { cwd, input: stdout });
  assert.equal(applied.status, 0, applied.stderr.toString());
  assert.equal(readFileSync(join(cwd, 'catalog-info.yaml'), 'utf8'), fixed);
});

test('check --fix says what it fixed in other formats, too', t => {
  const run = (format: string) =>
    goldenpath(
      folder(t, { 'catalog-info.yaml': broken }),
      'check',
      '--fix',
      '--format',
      format,
    );
  const codes = JSON.parse(run('json').stdout).fixed.map(
    ({ code }: { code: string }) => code,
  );
  assert.deepEqual(codes, [
    'catalog/unknown-kind',
    'catalog/invalid-tag',
    'catalog/missing-field',
  ]);
  const { stdout, stderr } = run('junit');
  assert.match(stdout, /^<\?xml/);
  assert.match(stderr, /^fixed catalog-info.yaml:3:7: /);
});

test('check --fix follows a link within the repository, and no link out of it', t => {
  const outside = folder(t, { 'theirs.yaml': broken });
  const cwd = folder(t, {
    '.git/HEAD': '',
    'real.yaml': broken,
    'catalog-info.yaml': { link: 'real.yaml' },
    'catalog-info-out.yaml': { link: join(outside, 'theirs.yaml') },
  });
  goldenpath(cwd, 'check', '--fix');
  assert.ok(lstatSync(join(cwd, 'catalog-info.yaml')).isSymbolicLink());
  assert.equal(readFileSync(join(cwd, 'real.yaml'), 'utf8'), fixed);
  assert.equal(readFileSync(join(outside, 'theirs.yaml'), 'utf8'), broken);
});

test('--dry-run alone is no wish', t => {
  const cwd = folder(t, { 'catalog-info.yaml': broken });
  const alone = goldenpath(cwd, 'check', '--dry-run');
  assert.equal(alone.status, 2);
  assert.equal(alone.stderr, 'goldenpath: --dry-run is for --fix\n');
  const json = goldenpath(
    cwd,
    'check',
    '--fix',
    '--dry-run',
    '--format',
    'json',
  );
  assert.equal(json.stderr, 'goldenpath: --dry-run prints a diff, not json\n');
  const baseline = goldenpath(
    cwd,
    'check',
    '--fix',
    '--dry-run',
    '--baseline',
    'baseline.json',
    '--update-baseline',
  );
  assert.equal(
    baseline.stderr,
    'goldenpath: --dry-run does not go with --update-baseline\n',
  );
  assert.deepEqual(tree(cwd), { 'catalog-info.yaml': broken });
});
