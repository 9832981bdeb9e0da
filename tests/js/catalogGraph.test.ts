import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { type Tree, folder } from './folders.ts';
import { goldenpath, program } from './program.ts';

const component = (name: string, owner: string, more = '') => `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name} }
spec: { type: service, lifecycle: production, owner: ${owner}${more} }
---`;

const group = (name: string) => `
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: ${name} }
spec: { type: team, children: [] }
---`;

const location = `
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: all }
spec: { targets: [./teams/*.yaml] }
---`;

const live = (...refs: string[]) =>
  `{"format":"goldenpath-catalog","version":1,"entities":[\n${refs
    .map(ref => `{"ref":"${ref}","kind":"Group"}`)
    .join(',\n')}\n]}\n`;

/** `code file:line` of what check finds. */
function found(cwd: string, ...args: string[]) {
  const run = goldenpath(cwd, 'check', '--format', 'json', ...args);
  assert.equal(run.stderr, '');
  const { files } = JSON.parse(run.stdout);
  const all = files.flatMap((file: { documents: any[] }) =>
    file.documents.flatMap(({ diagnostics }) => diagnostics),
  );
  return all.map(
    ({ code, file, start }: any) => `${code} ${file}:${start.line}`,
  );
}

test('check judges references between all its files', t => {
  const cwd = folder(t, {
    'a/catalog-info.yaml': component('a', 'team'),
    'b/catalog-info.yaml': component('b', 'teem') + component('a', 'team'),
    // the same file by another name
    'c/catalog-info.yaml': { link: '../a/catalog-info.yaml' },
    'catalog-info.yaml': location,
    'teams/team.yaml': group('team'),
  });
  const duplicate = 'reference/duplicate b/catalog-info.yaml:9';
  assert.deepEqual(found(cwd), [duplicate]);
  assert.equal(goldenpath(cwd, 'check').status, 1);
  assert.deepEqual(found(cwd, '--complete'), [
    'reference/dangling b/catalog-info.yaml:5',
    duplicate,
  ]);
  const { stdout } = goldenpath(cwd, 'check', '--complete');
  assert.match(stdout, /did you mean `group:default\/team`\?/);
});

test('check knows the live catalogue by its snapshot', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': component('a', 'live') + component('b', 'gone'),
    'live.json': live('group:default/live'),
    'v2.json': '{"format":"goldenpath-catalog","version":2}',
    'goldenpath.yaml': 'catalog: { rules: { reference/dangling: error } }',
  });
  assert.deepEqual(found(cwd), []);
  assert.deepEqual(found(cwd, '--snapshot', 'live.json'), [
    'reference/dangling catalog-info.yaml:10',
  ]);
  assert.equal(goldenpath(cwd, 'check', '--snapshot', 'live.json').status, 1);

  const other = goldenpath(cwd, 'check', '--snapshot', 'v2.json');
  assert.equal(other.status, 2);
  assert.match(other.stdout, /snapshot\/other-version.*version `2`/);
  assert.match(other.stdout, /v2.json:1:/);
  assert.match(other.stderr, /`v2.json` cannot be used/);
  const missing = goldenpath(cwd, 'check', '--snapshot', 'none.json');
  assert.equal(missing.status, 2);
});

test('snapshot of files: the same entities give the same bytes', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': location,
    'teams/b.yaml': group('b') + component('c', 'b'),
    'teams/a.yaml': group('a'),
    'other/catalog-info.yaml': component('x', 'a'),
  });
  const write = (out: string, ...from: string[]) =>
    goldenpath(
      cwd,
      'snapshot',
      '--out',
      out,
      ...from.flatMap(path => ['--from', path]),
    );
  assert.deepEqual(write('1.json', '.'), {
    status: 0,
    stdout: '1.json: 5 entities\n',
    stderr: '',
  });
  write('2.json', 'other', 'teams/a.yaml', 'teams/b.yaml', 'catalog-info.yaml');
  const text = readFileSync(join(cwd, '1.json'), 'utf8');
  assert.equal(readFileSync(join(cwd, '2.json'), 'utf8'), text);
  assert.deepEqual(
    text.match(/"ref":"[^"]+"/g)?.map(ref => ref.slice(7, -1)),
    [
      'component:default/c',
      'component:default/x',
      'group:default/a',
      'group:default/b',
      'location:default/all',
    ],
  );
  assert.deepEqual(found(cwd, '--snapshot', '1.json', 'other'), []);

  writeFileSync(join(cwd, 'other/catalog-info.yaml'), 'a: [');
  const broken = write('3.json', '.');
  assert.equal(broken.status, 2);
  assert.match(broken.stdout, /yaml\/unclosed/);
  assert.throws(() => readFileSync(join(cwd, '3.json')), /ENOENT/);
});

test('snapshot of a running Backstage: all its pages', async t => {
  const cwd = folder(t);
  const asked: URL[] = [];
  const pages = [
    { items: [entity('a'), entity('b')], pageInfo: { nextCursor: 'x y' } },
    { items: [entity('c')], pageInfo: {} },
  ];
  const server = createServer((request, response) => {
    assert.equal(request.headers.authorization, 'Bearer secret');
    const url = new URL(request.url!, 'http://localhost');
    asked.push(url);
    const page = url.searchParams.get('cursor') === 'x y' ? pages[1] : pages[0];
    response.end(JSON.stringify({ totalItems: 3, ...page }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const args = ['--url', `http://127.0.0.1:${port}/`, '--out', 's.json'];
  const run = await later(cwd, 'snapshot', ...args, '--token-env', 'TOKEN');
  assert.equal(run, '0 s.json: 3 entities\n');
  assert.deepEqual(
    asked.map(({ pathname }) => pathname),
    Array(2).fill('/api/catalog/entities/by-query'),
  );
  assert.match(asked[0].searchParams.get('fields')!, /\bspec\.owner\b/);
  const text = readFileSync(join(cwd, 's.json'), 'utf8');
  assert.equal(text.match(/"owner":\["group:default\/team"\]/g)?.length, 3);

  pages[1].pageInfo = { nextCursor: 'x y' } as object;
  assert.match(
    await later(cwd, 'snapshot', ...args, '--token-env', 'TOKEN'),
    /^2 .*its pages do not end/,
  );
  pages[0] = { error: {} } as any;
  assert.match(
    await later(cwd, 'snapshot', ...args, '--token-env', 'TOKEN'),
    /^2 .*no list of entities/,
  );
});

test('snapshot wants one source, and says so', t => {
  const cwd = folder(t);
  const table: Array<[string[], RegExp]> = [
    [['--out', 'x'], /--url or --from/],
    [['--out', 'x', '--url', 'http://a', '--from', '.'], /--url or --from/],
    [['--from', '.'], /--out is missing/],
    [['--from', 'a', 'b', '--out', 'x'], /`b`: each path has a --from/],
    [['--from', '.', '--out', 'x'], /no catalog-info/],
  ];
  for (const [args, message] of table) {
    const { status, stderr } = goldenpath(cwd, 'snapshot', ...args);
    assert.equal(status, 2);
    assert.match(stderr, message);
  }
});

test('diff tells the blast radius of a change', t => {
  const cwd = repository(t);
  commit(cwd, {
    'catalog-info.yaml':
      location + component('shop', 'team', ', dependsOn: ["component:cart"]'),
    'cart/catalog-info.yaml': component('cart', 'team'),
    'teams/team.yaml': group('team'),
  });
  git(cwd, 'branch', 'feature');
  commit(cwd, { 'later/catalog-info.yaml': component('later', 'team') });
  git(cwd, 'checkout', '-q', 'feature');
  commit(cwd, {
    'catalog-info.yaml':
      location + component('shop', 'other', ', dependsOn: ["component:cart"]'),
    'cart/catalog-info.yaml': null,
    'teams/other.yaml': group('other'),
    'ümlaut/catalog-info.yaml': component('new', 'live'),
    // what is not in the commit is no part of it
  });
  writeFileSync(join(cwd, 'catalog-info.yaml'), 'a: [');
  const run = goldenpath(cwd, 'diff', 'main', 'feature');
  assert.equal(run.stderr, '');
  assert.equal(
    run.stdout,
    `Starts to lead nowhere (1)
  component:default/shop  spec.dependsOn  component:default/cart  catalog-info.yaml:10

Removed (1)
  component:default/cart  group:default/team  ${git(
    cwd,
    'rev-parse',
    'main~',
  ).slice(0, 12)}:cart/catalog-info.yaml:4

Another owner (1)
  component:default/shop  group:default/team  group:default/other  catalog-info.yaml:9

Added (2)
  component:default/new  group:default/live  ümlaut/catalog-info.yaml:4
  group:default/other  -  teams/other.yaml:4
`,
  );
  assert.equal(run.status, 1);

  writeFileSync(join(cwd, 'live.json'), live('group:default/team'));
  const json = goldenpath(cwd, 'diff', 'main', '--snapshot', 'live.json', '--format', 'json'); // prettier-ignore
  const { base, head, dangling } = JSON.parse(json.stdout);
  assert.equal(base, git(cwd, 'rev-parse', 'main~'));
  assert.equal(head, git(cwd, 'rev-parse', 'feature'));
  assert.deepEqual(
    dangling.map(({ entityRef, target }: any) => `${entityRef} ${target}`),
    [
      'component:default/new group:default/live',
      'component:default/shop component:default/cart',
    ],
  );
  assert.deepEqual(goldenpath(cwd, 'diff', 'main', 'main'), {
    status: 0,
    stdout: 'nothing changes in the catalogue\n',
    stderr: '',
  });
});

test('diff does not say of a relation that was taken away that it leads somewhere', t => {
  const cwd = repository(t);
  writeFileSync(join(cwd, 'live.json'), live('group:default/team'));
  commit(cwd, { 'catalog-info.yaml': component('a', 'tema') });
  commit(cwd, { 'catalog-info.yaml': component('a', 'team') });
  const run = goldenpath(cwd, 'diff', 'HEAD~', '--snapshot', 'live.json');
  assert.match(
    run.stdout,
    /^No longer leads nowhere \(1\)\n {2}component:default\/a {2}spec\.owner {2}group:default\/tema {2}/m,
  );
  assert.equal(run.status, 0);
});

test('diff as Markdown has nothing that a name could say', t => {
  const cwd = repository(t);
  commit(cwd, { 'catalog-info.yaml': component('a', 'team') });
  commit(cwd, {
    'catalog-info.yaml': component('"<b>@all|\\e[1m"', '"`#1"'),
  });
  const args = ['diff', 'HEAD~', 'HEAD'];
  const { stdout } = goldenpath(cwd, ...args, '--format', 'markdown');
  assert.match(stdout, /^\*\*goldenpath diff\*\*\n\n### Removed \(1\)\n/);
  assert.match(
    stdout,
    /^\| <code>component:default\/&#60;b&#62;&#64;all&#124;/m,
  );
  assert.doesNotMatch(stdout.replaceAll(/<\/?code>/g, ''), /[<@`]|(?<!&)#1/);
  for (const text of [stdout, goldenpath(cwd, ...args).stdout]) {
    assert(!text.includes('\u001b'));
  }
});

test('diff says what it cannot read', t => {
  const cwd = repository(t);
  commit(cwd, { 'catalog-info.yaml': 'a: [' });
  commit(cwd, { 'catalog-info.yaml': 'b: [', 'v2.json': '{}' });
  const { status, stdout } = goldenpath(cwd, 'diff', 'HEAD~');
  assert.equal(status, 1);
  assert.match(
    stdout,
    /warning\[yaml\/unclosed\].*\n *--> \w{12}:catalog-info/,
  );
  assert.match(stdout, /error\[yaml\/unclosed\].*\n *--> catalog-info/);
  const table: Array<[string[], RegExp]> = [
    [['nope'], /`nope` is no revision here/],
    [['HEAD', '--output=x'], /output/],
    [['HEAD~5'], /`HEAD~5` is no revision/],
    [[], /name one or two revisions/],
    [['HEAD', '--snapshot', 'v2.json'], /`v2.json` cannot be used/],
  ];
  for (const [args, message] of table) {
    const run = goldenpath(cwd, 'diff', ...args);
    assert.equal(run.status, 2, run.stdout);
    assert.match(run.stderr, message);
  }
  const nowhere = goldenpath(folder(t), 'diff', 'HEAD');
  assert.equal(nowhere.status, 2);
  assert.match(nowhere.stderr, /git: .*not a git repository/);
});

function entity(name: string) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: { type: 'service', owner: 'team' },
  };
}

function repository(t: TestContext): string {
  const cwd = folder(t);
  git(cwd, 'init', '-q', '-b', 'main');
  return cwd;
}

function commit(cwd: string, tree: Tree) {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(cwd, name);
    mkdirSync(dirname(path), { recursive: true });
    if (content === null) rmSync(path);
    else writeFileSync(path, content as string);
  }
  git(cwd, 'add', '-A');
  git(cwd, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x');
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
}

/** Runs the program while this one answers it: the status, and what it says. */
async function later(cwd: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, TOKEN: 'secret' },
  });
  let said = '';
  child.stdout.on('data', text => (said += text));
  child.stderr.on('data', text => (said += text));
  const [status] = await once(child, 'close');
  return `${status} ${said}`;
}
