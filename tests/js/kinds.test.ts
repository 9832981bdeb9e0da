// Kinds of one's own: in the configuration, in files, and as `model pull` fetches them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { goldenpath, program } from './program.ts';

const schema = {
  type: 'object',
  properties: {
    apiVersion: { const: 'acme.com/v1' },
    kind: { const: 'Robot' },
    spec: { type: 'object', required: ['arms'] },
  },
};
const robot = (spec: object, kind = 'Robot') =>
  JSON.stringify({
    apiVersion: 'acme.com/v1',
    kind,
    metadata: { name: 'a' },
    spec,
  });

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'goldenpath-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

test('kinds are read from the files that the configuration names', () => {
  const path = folder({
    'org/goldenpath.yaml':
      'catalog:\n  kinds:\n    - ./schemas/*.json\n    - { apiVersion: acme.com/v1, kind: Tool, schema: { required: [spec] } }\n',
    'org/schemas/robot.json': JSON.stringify(schema),
    'good.yaml': `${robot({ arms: 2 })}\n---\n${robot({}, 'Tool')}\n`,
    'bad.yaml': `${robot({})}\n`,
  });
  const config = ['--config', 'org/goldenpath.yaml'];
  assert.equal(goldenpath(path, 'check', 'good.yaml').status, 1);
  const good = goldenpath(path, 'check', ...config, 'good.yaml');
  assert.equal(good.status, 0, good.stdout);
  const bad = goldenpath(path, 'check', ...config, 'bad.yaml');
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /catalog\/missing-field.*`spec` has no `arms`/);
});

test('a file of kinds that cannot be used is shown where it is wrong', () => {
  const path = folder({
    'goldenpath.yaml': 'catalog: { kinds: [robot.json, none.json] }\n',
    'robot.json': '{\n  "type": "object"\n}\n',
    'catalog-info.yaml': robot({}),
  });
  const absent = goldenpath(path, 'check');
  assert.equal(absent.status, 2);
  assert.equal(
    absent.stderr,
    'goldenpath: cannot read `none.json`: no such file or directory\n',
  );
  writeFileSync(
    join(path, 'goldenpath.yaml'),
    'catalog: { kinds: [robot.json] }\n',
  );
  const wrong = goldenpath(path, 'check');
  assert.equal(wrong.status, 2);
  assert.match(wrong.stdout, /kinds\/not-a-kind[^]*robot\.json:1:1/);
  const sarif = goldenpath(path, 'check', '--format', 'sarif');
  assert.match(sarif.stdout, /"kinds\/not-a-kind"/);
});

test('`model pull` keeps what a Backstage answers, and nothing else', async () => {
  const path = folder({ 'good.yaml': robot({ arms: 1 }) });
  const kinds = [
    { kind: 'Robot', apiVersion: 'acme.com/v1', jsonSchema: schema },
  ];
  const answers: Record<string, [number, string]> = {
    '/good/api/goldenpath/model': [200, JSON.stringify({ kinds })],
    '/other/api/goldenpath/model': [200, '{"hello":"world"}'],
    '/secret/api/goldenpath/model': [401, '{}'],
  };
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const [status, body] = answers[request.url ?? ''] ?? [404, '{}'];
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const pull = (at: string) =>
    promisify(execFile)(
      process.execPath,
      [
        ...[program, 'model', 'pull', '--out', `${at}.json`],
        ...['--url', `http://127.0.0.1:${port}/${at}`, '--token-env', 'TOKEN'],
      ],
      { cwd: path, env: { ...process.env, TOKEN: 'abc' } },
    ).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      ({ code, stderr }) => ({ code, output: stderr }),
    );
  try {
    assert.deepEqual(await pull('good'), {
      code: 0,
      output: '1 shape: Robot\n',
    });
    assert.deepEqual(asked, ['Bearer abc']);
    const written = JSON.parse(readFileSync(join(path, 'good.json'), 'utf8'));
    assert.deepEqual(written, { kinds });
    for (const [at, why] of Object.entries({
      other: /does not say of which kind/,
      secret: /the token is not accepted/,
      none: /does not have the plugin/,
    })) {
      const { code, output } = await pull(at);
      assert.equal(code, 2);
      assert.match(output, why);
    }
  } finally {
    server.close();
  }
  const check = ['check', '--model', 'good.json', 'good.yaml'];
  assert.equal(goldenpath(path, ...check).status, 0);
});
