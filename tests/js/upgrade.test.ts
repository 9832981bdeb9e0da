import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import {
  type UpgradeOptions,
  formatAnswers,
  readAnswers,
  upgradeSkeleton,
  withoutSecrets,
} from 'goldenpath';

import { type Tree, folder, tree } from './folders.ts';
import { goldenpath } from './program.ts';

const answers = formatAnswers({ values: { name: 'shop' } });

type Options = Partial<UpgradeOptions>;

/** Upgrades folders in memory. */
async function upgrade(
  t: TestContext,
  [base, ours, theirs]: [Tree, Tree, Tree],
  options: Options = {},
) {
  const target = folder(t, { '.goldenpath/answers.yaml': answers, ...ours });
  const report = await upgradeSkeleton({
    target,
    base: folder(t, base),
    skeleton: folder(t, theirs),
    ...options,
  });
  const { '.goldenpath/answers.yaml': recorded, ...files } = tree(target);
  return {
    ...report,
    target,
    tree: files,
    recorded: recorded as string,
    actions: report.files.map(({ action, path }) => `${action} ${path}`),
  };
}

test('the program upgrades what it rendered, and keeps what a user edited', t => {
  const cwd = folder(t, {
    'values.json': '{"name": "shop", "owner": "team-a"}',
    'v1/catalog-info.yaml':
      'kind: Component\nspec:\n  type: service\n  owner: ${{ values.owner }}\n',
    'v1/README.md': '# ${{ values.name }}\n\nOld text.\n',
    'v1/old.txt': 'old\n',
    'v2/catalog-info.yaml':
      'kind: Component\nspec:\n  type: service\n  system: shops\n  owner: group:${{ values.owner }}\n',
    'v2/README.md': '# ${{ values.name }}\n\nNew text.\n',
    'v2/${{ values.name }}.port': '${{ values.port }}\n',
  });
  const run = (...args: string[]) => goldenpath(cwd, ...args);
  const first = run(
    ...['render', 'v1', '--values', 'values.json', '--out', 'out', '--answers'],
  );
  assert.equal(first.status, 0, first.stdout + first.stderr);
  const path = join(cwd, 'out/catalog-info.yaml');
  const edit = readFileSync(path, 'utf8').replace(
    'service\n',
    'service # ours\n  lifecycle: production\n',
  );
  writeFileSync(path, edit);

  const without = run(
    ...['template', 'upgrade', 'out', '--base', 'v1', '--skeleton', 'v2'],
  );
  assert.equal(without.status, 1);
  assert.match(without.stdout, /v2\/.*port/);
  assert.match(without.stdout, /out: nothing written, 1 error/);

  writeFileSync(join(cwd, 'more.yaml'), 'port: 8080\n');
  const { status, stdout } = run(
    ...['template', 'upgrade', 'out', '--base', 'v1', '--skeleton', 'v2'],
    ...['--values', 'more.yaml'],
  );
  assert.equal(
    stdout,
    `updated   README.md
merged    catalog-info.yaml
deleted   old.txt
added     shop.port
out: upgraded, 0 files with conflicts
`,
  );
  assert.equal(status, 0);
  const { '.goldenpath/answers.yaml': recorded, ...files } = tree(
    join(cwd, 'out'),
  );
  assert.deepEqual(files, {
    'README.md': '# shop\n\nNew text.\n',
    'catalog-info.yaml':
      'kind: Component\nspec:\n  type: service # ours\n  system: shops\n  lifecycle: production\n  owner: group:team-a\n',
    'shop.port': '8080\n',
  });
  assert.deepEqual(
    readAnswers({ name: 'a', content: recorded as string }).values,
    { name: 'shop', owner: 'team-a', port: 8080 },
  );
});

const edited: [Tree, Tree, Tree] = [
  { 'a.txt': 'one\n', 'b.bin': 'b\0', 'c.txt': 'c\n', 'd.txt': 'd\n' },
  { 'a.txt': 'mine\n', 'b.bin': 'mine\0', 'c.txt': 'mine\n' },
  { 'a.txt': 'new\n', 'b.bin': 'new\0', 'd.txt': 'new\n', 'e.txt': 'e\n' },
];

test('conflicts are marked in texts; other files get a sidecar', async t => {
  const report = await upgrade(t, edited);
  assert.deepEqual(report.actions, [
    'conflict a.txt',
    'conflict b.bin',
    'conflict c.txt',
    'conflict d.txt',
    'added e.txt',
  ]);
  assert.deepEqual(report.tree, {
    'a.txt':
      '<<<<<<< repository\nmine\n||||||| old template\none\n=======\nnew\n>>>>>>> new template\n',
    'b.bin': 'mine\0',
    'b.bin.goldenpath-theirs': 'new\0',
    'c.txt': 'mine\n',
    'd.txt.goldenpath-theirs': 'new\n',
    'e.txt': 'e\n',
  });
});

test('with sidecars the files stay as they are', async t => {
  const { tree: found } = await upgrade(t, edited, { conflicts: 'sidecar' });
  assert.equal(found['a.txt'], 'mine\n');
  assert.equal(found['a.txt.goldenpath-theirs'], 'new\n');
  assert.equal(found['e.txt'], 'e\n');
});

test('nothing is written if conflicts are a failure', async t => {
  const report = await upgrade(t, edited, { conflicts: 'fail' });
  assert.equal(report.isWritten, false);
  assert.equal(report.files.length, 5);
  assert.deepEqual(report.tree, edited[1]);
  assert.equal(report.recorded, answers);
});

test('nothing is written if a file cannot be', async t => {
  const report = await upgrade(t, [
    { 'a.txt': 'a\n' },
    { 'a.txt': 'a\n', dir: { link: '../nowhere' } },
    { 'a.txt': 'new\n', 'dir/b.txt': 'b\n' },
  ]);
  assert.deepEqual(
    report.diagnostics.map(({ code }) => code),
    ['template/target-in-the-way'],
  );
  assert.equal(report.isWritten, false);
  assert.equal(report.tree['a.txt'], 'a\n');
});

test('links are taken or left as a whole', async t => {
  const report = await upgrade(t, [
    { 'a.txt': 'a', one: { link: 'a.txt' }, two: { link: 'a.txt' } },
    { 'a.txt': 'a', one: { link: 'a.txt' }, two: 'mine' },
    { 'a.txt': 'a', one: { link: 'b.txt' }, two: { link: 'b.txt' } },
  ]);
  assert.deepEqual(report.actions, [
    'unchanged a.txt',
    'updated one',
    'conflict two',
  ]);
  assert.deepEqual(report.tree, {
    'a.txt': 'a',
    one: { link: 'b.txt' },
    two: 'mine',
  });
});

test('a mode changes with the template, unless it was changed here', async t => {
  const theirs = folder(t, { 'run.sh': 'new\n' });
  chmodSync(join(theirs, 'run.sh'), 0o755);
  const report = await upgrade(
    t,
    [{ 'run.sh': 'old\n' }, { 'run.sh': 'old\n' }, {}],
    { skeleton: theirs },
  );
  const { mode } = statSync(join(report.target, 'run.sh'));
  assert.equal(mode & 0o777, 0o755);
});

test('the new values are recorded, secret ones are not, nor shown', async t => {
  const target = folder(t, {
    '.goldenpath/answers.yaml': formatAnswers({
      values: { name: 'shop' },
      secretValues: ['db.password'],
    }),
    'a.txt': 'hunter2\n',
  });
  const options = {
    target,
    base: folder(t, { 'a.txt': '${{ values.db.password }}\n' }),
    skeleton: folder(t, {
      'a.txt': '${{ values.db.password }} ${{ values.token }}\n',
    }),
    values: { db: { password: 'hunter2', host: 'h' }, token: 's3cret' },
    secrets: ['s3cret'],
  };
  const { files } = await upgradeSkeleton(options);
  assert.deepEqual(
    files.map(({ action }) => action),
    ['updated'],
  );
  const { 'a.txt': text, '.goldenpath/answers.yaml': recorded } = tree(target);
  assert.equal(text, 'hunter2 s3cret\n');
  assert.deepEqual(readAnswers({ name: 'a', content: recorded as string }), {
    template: {},
    values: { db: { host: 'h' }, name: 'shop' },
    secretValues: ['db.password', 'token'],
    options: {},
  });
});

test('answers are the same text for the same values', () => {
  const one = formatAnswers({ values: { b: 1, a: { d: [1], c: 'x' } } });
  const other = formatAnswers({ values: { a: { c: 'x', d: [1] }, b: 1 } });
  assert.equal(one, other);
  assert.equal(
    one,
    `# What this folder was rendered from; \`goldenpath template upgrade\` needs it.
apiVersion: goldenpath/v1alpha1
kind: TemplateAnswers
values:
  a:
    c: x
    d:
    - 1
  b: 1
`,
  );
});

test('values that hold a secret are left out, lists as a whole', () => {
  assert.deepEqual(
    withoutSecrets(
      {
        plain: 'x',
        url: 'https://u:pa"ss@host',
        list: ['a', 'pa"ss'],
        deep: { ok: 1, token: 'pa"ss' },
      },
      ['', 'pa"ss'],
    ),
    {
      values: { plain: 'x', deep: { ok: 1 } },
      secretValues: ['url', 'list', 'deep.token'],
    },
  );
});

test('answers that are none are refused', () => {
  const read = (content: string) => () =>
    readAnswers({ name: 'answers.yaml', content });
  const head = 'apiVersion: goldenpath/v1alpha1\nkind: TemplateAnswers\n';
  assert.throws(read('a: ['), /`answers.yaml` is not readable YAML/);
  assert.throws(read('a: 1'), /is not a `TemplateAnswers`/);
  assert.throws(read(`${head}values: 1`), /`values` that are not an object/);
  assert.throws(read(`${head}options: {x: 1}`), /unknown option `x`/);
  assert.throws(read(`${head}options: {strict: 1}`), /wrong value.*`strict`/);
});

test('a folder without answers cannot be upgraded', t => {
  const cwd = folder(t, { 'a/b': '' });
  const { status, stderr } = goldenpath(
    cwd,
    ...['template', 'upgrade', 'a', '--base', 'a', '--skeleton', 'a'],
  );
  assert.equal(status, 2);
  assert.match(
    stderr,
    /no answers in `a\/.goldenpath\/answers.yaml`: `goldenpath render --answers` writes them/,
  );
});
