import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { waitFor } from '../../examples/backstage/demo/portal.ts';
import { freePort } from './lab.ts';

const MAIN = join(import.meta.dirname, '../../examples/backstage/demo/main.ts');

const ESCAPE = '\u001b';

const directory = await mkdtemp(join(tmpdir(), 'goldenpath-main-'));

after(() => rm(directory, { recursive: true, force: true }));

test('--once shows all three acts, plainly in a pipe, records them and ends', async () => {
  const text = join(directory, 'recording.txt');
  const picture = join(directory, 'recording.svg');
  const run = await start(['--once', '--record', text, '--record', picture]);
  const [code] = await once(run.child, 'close');
  assert.equal(code, 0, run.output());
  assert.match(run.output(), /✓ Catalogue\n *✓ Policy\n *✓ Template\n/);
  assert.ok(!run.output().includes('✗'), run.output());
  assert.ok(!run.output().includes(ESCAPE));
  assert.ok(run.output().endsWith(await readFile(text, 'utf8')));

  const svg = await readFile(picture, 'utf8');
  assert.match(svg, /^<svg [^>]+>\n/);
  assert.match(svg, /fill="#[0-9a-f]{6}"[^>]*>✓</);
  assert.ok(!svg.includes(ESCAPE));
  assert.doesNotMatch(svg, /&(?!#\d+;)/);
  await assertEnded(run);
});

test('--once fails if an act fails', async () => {
  const policy = join(directory, 'everything.yaml');
  await writeFile(
    policy,
    `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles: { all: {} }
bindings: [{ role: all, to: [everyone] }]
rules: [{ id: all, effect: allow, role: all, permissions: ['catalog.*', 'scaffolder.*'] }]
`,
  );
  const config = join(directory, 'app-config.yaml');
  const files = JSON.stringify([policy]);
  await writeFile(config, `goldenpath: { policy: { files: ${files} } }\n`);

  const run = await start(['--once', '--config', config]);
  const [code] = await once(run.child, 'close');
  assert.equal(code, 1, run.output());
  assert.match(run.output(), /✓ Catalogue\n *✗ Policy\n *✓ Template\n/);
  await assertEnded(run);
});

test('without --once it stays up until Ctrl-C, and then leaves nothing behind', async () => {
  const run = await start([]);
  await waitFor(
    'the end of the show',
    async () => run.output().includes('Ctrl-C ends it.') || undefined,
  );
  const readiness = `http://127.0.0.1:${run.ports[0]}/.backstage/health/v1/readiness`;
  assert.equal((await fetch(readiness)).status, 200);
  const servers = await childrenOf(run.child);

  const second = await start([], run.ports);
  const [refused] = await once(second.child, 'close');
  assert.equal(refused, 1);
  assert.match(second.output(), /the port \d+ is in use: .+GITHUB_PORT=…\n$/);

  run.child.kill('SIGINT');
  const [code] = await once(run.child, 'close');
  assert.equal(code, 0, run.output());
  assert.deepEqual(servers.filter(isAlive), []);
  await assertEnded(run);
});

test('killed without a chance to tidy up, it still takes its servers along', async () => {
  const run = await start([]);
  await waitFor(
    'the servers',
    async () => run.output().includes('ready after') || undefined,
  );
  const servers = await childrenOf(run.child);
  run.child.kill('SIGKILL');
  await waitFor(
    'the servers to end',
    async () => !servers.some(isAlive) || undefined,
  );
  await assertEnded(run);
});

interface Run {
  child: ChildProcess;
  output: () => string;
  ports: number[];
}

async function start(args: string[], ports?: number[]): Promise<Run> {
  const [port, githubPort] = ports ?? [await freePort(), await freePort()];
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      ...process.env,
      PORT: String(port),
      GITHUB_PORT: String(githubPort),
      FORCE_COLOR: undefined,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => chunks.push(text));
  }
  return { child, output: () => chunks.join(''), ports: [port, githubPort] };
}

/** Nobody listens on its ports any more. */
async function assertEnded({ ports }: Run) {
  for (const port of ports) {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  }
}

/** The processes that it has started; none where there is no /proc. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  try {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
