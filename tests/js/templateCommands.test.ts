import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { folder } from './folders.ts';
import { goldenpath, program } from './program.ts';

const cases = join(import.meta.dirname, '../cases/template-lint');
const examples = join(import.meta.dirname, '../../examples');

test('template lint finds what the cases say, by the names of the files', () => {
  const { status, stdout } = goldenpath(
    cases,
    ...['template', 'lint', 'broken', '--lock', 'broken/lock.json'],
  );
  assert.equal(status, 1);
  const expected = readFileSync(join(cases, 'broken/expected.txt'), 'utf8');
  const headlines = (shown: string) =>
    shown.match(/^(error|warning|info)\[.*$/gm)?.sort();
  assert.deepEqual(headlines(stdout), headlines(expected));
  assert.match(stdout, /^ *--> broken\/template\.yaml:20:43$/m);
  assert.match(stdout, /^1 template: \d+ errors, \d+ warnings$/m);
});

test('the examples are fine', () => {
  const { status, stdout } = goldenpath(
    examples,
    ...['template', 'lint', 'templates'],
  );
  assert.equal(stdout, '2 templates: no problem\n');
  assert.equal(status, 0);
});

test('templates are found below folders, but not in skeletons', t => {
  const template = (
    name: string,
  ) => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: ${name} }
spec: { steps: [{ id: a, action: 'x', if: "${'${{ nmae }}'}" }] }
`;
  const cwd = folder(t, {
    'a/template.yaml': template('a'),
    'a/skeleton/template.yaml': template('skeleton'),
    'b/c/template.yml': template('c'),
    'b/node_modules/d/template.yaml': template('d'),
  });
  const args = ['template', 'lint', '.', '--format', 'json'];
  const { status, stdout } = goldenpath(cwd, ...args);
  assert.equal(status, 1);
  assert.deepEqual(
    JSON.parse(stdout).diagnostics.map(({ file }: { file: string }) => file),
    ['a/template.yaml', 'b/c/template.yml'],
  );
});

test('what cannot be used', t => {
  const cwd = folder(t, { 'x/y.txt': '', 'lock.json': '{"plugins":[]}' });
  for (const [args, why] of [
    [[], /name a template/],
    [['none'], /cannot read `none`/],
    [['x'], /there is no template\.yaml in `x`/],
    [['x', '--lock', 'lock.json'], /`lock\.json` is nothing that/],
  ] as const) {
    const { status, stderr } = goldenpath(cwd, 'template', 'lint', ...args);
    assert.equal(status, 2);
    assert.match(stderr, why);
  }
});

test('a lock has the actions of an instance, and lint reads it', async t => {
  const action = {
    id: 'debug:log',
    description: 'Writes',
    schema: {
      input: { type: 'object', required: ['message'], properties: {} },
    },
  };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    const path = request.url?.replace('/api/scaffolder/v2/', '');
    if (path === 'actions') {
      response.end(JSON.stringify([{ id: 'x:y' }, action]));
    } else if (path === 'templating-extensions') {
      const globals = { functions: { now: {} }, values: {} };
      response.end(JSON.stringify({ filters: { slug: {} }, globals }));
    } else response.writeHead(404).end();
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const cwd = folder(t, {
    'template.yaml': `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: a }
spec:
  steps:
    - { id: a, action: debug:log, input: { message: "${'${{ now() | slug }}'}" } }
    - { id: b, action: debug:lock, input: { message: "${'${{ now() | slgu }}'}" } }
`,
  });
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [
      ...[program, 'template', 'lock', '--url', url],
      ...['--token-env', 'TOKEN', '--out', 'lock.json'],
    ],
    { cwd, env: { ...process.env, TOKEN: 'a-token' } },
  );
  assert.equal(await text(child.stdout), '2 actions, 1 filter, 1 global\n');
  assert.deepEqual(asked, [
    '/api/scaffolder/v2/actions Bearer a-token',
    '/api/scaffolder/v2/templating-extensions Bearer a-token',
  ]);
  assert.deepEqual(JSON.parse(readFileSync(join(cwd, 'lock.json'), 'utf8')), {
    actions: [
      {
        id: 'debug:log',
        schema: {
          input: { properties: {}, required: ['message'], type: 'object' },
        },
      },
      { id: 'x:y', schema: {} },
    ],
    filters: ['slug'],
    globals: ['now'],
  });
  const { stdout } = goldenpath(
    cwd,
    ...['template', 'lint', '.', '--lock', 'lock.json', '--format', 'json'],
  );
  const found = JSON.parse(stdout).diagnostics;
  assert.deepEqual(
    found.map(({ code, help }: any) => [code, help]),
    [
      ['template/unknown-action', 'did you mean `debug:log`?'],
      ['template/unknown-filter', 'did you mean `slug`?'],
    ],
  );
});
