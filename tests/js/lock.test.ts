import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import {
  type IncomingMessage,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';

import { folder } from './folders.ts';
import { goldenpath, program } from './program.ts';

const TOKEN = 'a-static-token';

const CATALOG = {
  permissions: [
    {
      type: 'resource',
      name: 'catalog.entity.read',
      attributes: { action: 'read' },
      resourceType: 'catalog-entity',
    },
    {
      type: 'basic',
      name: 'catalog.entity.create',
      attributes: { action: 'create' },
    },
  ],
  rules: [
    {
      name: 'IS_ENTITY_OWNER',
      description: 'Allow entities owned by a specified claim',
      resourceType: 'catalog-entity',
      paramsSchema: {
        type: 'object',
        properties: { claims: {} },
        $schema: 'x',
      },
    },
    { name: 'HAS_LABEL', resourceType: 'catalog-entity' },
  ],
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A Backstage that answers for the catalog, and as told for others. */
async function backstage(t: TestContext, others: Record<string, Handler> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [, id, rest] = /^\/api\/([^/]*)\/(.*)$/.exec(request.url ?? '') ?? [];
    asked.push(`${id} ${request.headers.authorization}`);
    assert.equal(rest, '.well-known/backstage/permissions/metadata');
    if (others[id]) {
      others[id](request, response);
    } else if (id === 'catalog') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(CATALOG));
    } else {
      response.writeHead(404).end('{}');
    }
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise(done => server.close(done));
  return `http://127.0.0.1:${port}`;
}

/** Not in step with this process, which answers. */
async function lock(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [program, 'policy', 'lock', ...args], {
    cwd,
    env: { ...process.env, TOKEN, BROKEN: `${TOKEN}\nx` },
  });
  const ended = new Promise(done => child.on('close', done));
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status: await ended, stdout, stderr };
}

const status =
  (code: number, headers = {}): Handler =>
  (_, response) =>
    response.writeHead(code, headers).end('{}');

test('the lock has what plugins say, sorted, and lint reads it', async t => {
  const empty: Handler = (_, response) => response.end('{"permissions":[]}');
  const { url, asked } = await backstage(t, {
    scaffolder: empty,
    goldenpath: empty,
  });
  const cwd = folder(t, {
    'p.yaml': `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - { id: read, effect: allow, permissions: catalog.entity.read, when: { owner: $ownership } }
  - { id: delete, effect: allow, permissions: catalog.entity.delete }
`,
  });
  const args = ['--url', `${url}/`, '--token-env', 'TOKEN', '--out', 'l.json'];
  const first = await lock(cwd, ...args);
  assert.deepEqual([first.status, first.stderr], [0, '']);
  assert.match(first.stdout, /^catalog: 2 permissions, 2 rules$/m);
  assert.deepEqual(
    asked.sort(),
    ['catalog', 'goldenpath', 'scaffolder'].map(id => `${id} Bearer ${TOKEN}`),
  );
  const written = readFileSync(join(cwd, 'l.json'), 'utf8');
  const { plugins } = JSON.parse(written);
  assert.deepEqual(
    plugins.map(({ id }: { id: string }) => id),
    ['catalog', 'goldenpath', 'scaffolder'],
  );
  assert.deepEqual(plugins[0].permissions, [
    { name: 'catalog.entity.create', attributes: { action: 'create' } },
    {
      name: 'catalog.entity.read',
      attributes: { action: 'read' },
      resourceType: 'catalog-entity',
    },
  ]);
  assert.deepEqual(
    plugins[0].rules.map(({ name }: { name: string }) => name),
    ['HAS_LABEL', 'IS_ENTITY_OWNER'],
  );
  assert.ok(!written.includes(TOKEN));

  CATALOG.permissions.reverse();
  await lock(cwd, ...args);
  assert.equal(readFileSync(join(cwd, 'l.json'), 'utf8'), written);
  assert.deepEqual(readdirSync(cwd).sort(), ['l.json', 'p.yaml']);

  const lint = ['lint', 'p.yaml', '--permissions', 'l.json'];
  const { stdout } = goldenpath(cwd, 'policy', ...lint);
  assert.match(stdout, /catalog\.entity\.delete/);
  assert.doesNotMatch(stdout, /catalog\.entity\.read/);
});

test('every plugin that does not answer is named, and nothing is written', async t => {
  const { url } = await backstage(t, {
    wants: status(401),
    forbids: status(403),
    moves: status(302, { location: 'http://127.0.0.1:1/' }),
    fails: status(500),
    page: (_, response) => response.end('<!doctype html>'),
    other: (_, response) => response.end('{"permissions":{}}'),
    odd: (_, response) => response.end('[]'),
    hangs: () => undefined,
    stops: (_, response) => response.write('{'),
    breaks: (_, response) => response.destroy(),
    big: (_, response) => {
      response.on('error', () => undefined);
      response.end(' '.repeat(5 * 1024 * 1024));
    },
  });
  const cwd = folder(t, { 'l.json': 'as it was' });
  const expected = {
    wants: '401, it wants a token: give --token-env',
    forbids: '403, the token may not ask that',
    moves: '302, it is elsewhere',
    fails: '500, not an answer',
    none: '404, it is not installed',
    page: 'the answer is not JSON',
    other: 'the answer has no list of permissions',
    odd: 'the answer has no list of permissions',
    hangs: 'no answer in 1 s',
    stops: 'no answer in 1 s',
    breaks: 'UND_ERR_SOCKET',
    big: 'the answer has over 4194304 bytes',
    '../x': 'that is no id of a plugin',
  };
  const plugins = Object.keys(expected).flatMap(id => ['--plugin', id]);
  const { status: code, stderr } = await lock(
    cwd,
    ...['--url', url, '--out', 'l.json', '--timeout', '1'],
    ...['--plugin', 'catalog', ...plugins],
  );
  assert.equal(code, 2);
  for (const [id, why] of Object.entries(expected)) {
    assert.ok(stderr.includes(`  plugin ${id}: ${why}`), `${id}: ${stderr}`);
  }
  assert.doesNotMatch(stderr, /plugin catalog:/);
  assert.equal(readFileSync(join(cwd, 'l.json'), 'utf8'), 'as it was');
  assert.deepEqual(readdirSync(cwd), ['l.json']);
});

test('a token goes to one server, and is not shown', async t => {
  const elsewhere = await backstage(t);
  const gone = await closedAddress();
  const { url } = await backstage(t, {
    catalog: status(307, { location: elsewhere.url }),
    scaffolder: status(401),
  });
  const cwd = folder(t);
  const run = (...args: string[]) => lock(cwd, '--out', 'l.json', ...args);
  const refused = await run('--url', url, '--token-env', 'TOKEN');
  assert.match(refused.stderr, /scaffolder: 401, the token is not accepted/);
  assert.deepEqual(elsewhere.asked, []);
  const others = [
    await run('--url', url, '--token-env', 'BROKEN'),
    await run('--url', url, '--token-env', 'UNSET'),
    await run('--url', `http://user:${TOKEN}@127.0.0.1/`),
    await run('--url', 'file:///etc/passwd'),
    await run('--url', gone),
  ];
  for (const one of [refused, ...others]) {
    assert.equal(one.status, 2);
    assert.ok(!(one.stdout + one.stderr).includes(TOKEN), one.stderr);
    assert.match(one.stderr, /^goldenpath: /);
    assert.doesNotMatch(one.stderr, /^ {4}at /m);
  }
  assert.match(others[4].stderr, /ECONNREFUSED/);
});

test('a folder that cannot be written to', async t => {
  const empty: Handler = (_, response) => response.end('{}');
  const { url } = await backstage(t, { a: empty });
  const args = ['--url', url, '--plugin', 'a', '--out', 'none/l.json'];
  const { status: code, stderr } = await lock(folder(t), ...args);
  assert.equal(code, 2);
  assert.match(stderr, /cannot write `none\/l\.json`: no such file/);
});
