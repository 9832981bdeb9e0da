import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { catalogAct } from './catalogAct.ts';
import { GitHubReader } from './github.ts';
import { policyAct } from './policyAct.ts';
import type { Server } from './server.ts';
import { GITHUB_TOKEN, startBackstage, startGitHub } from './servers.ts';
import { Stage } from './stage.ts';
import { drawTerminal } from './svg.ts';
import { templateAct } from './templateAct.ts';
import { paint, Terminal } from './terminal.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LOGS = join(ROOT, 'target/example');

const ACTS = [
  { title: 'Catalogue', play: catalogAct },
  { title: 'Policy', play: policyAct },
  { title: 'Template', play: templateAct },
];

/** What is worth a picture. */
const PICTURE = [
  'start',
  'catalogue',
  'misspelt-field.yaml',
  'refused',
  'policy',
  'template',
  'pull request',
  'summary',
];

const { values: options } = parseArgs({
  options: {
    /** End after the summary instead of staying up. */
    once: { type: 'boolean', default: false },
    /** Configuration of Backstage beyond app-config.yaml. */
    config: { type: 'string', multiple: true, default: [] },
    /** Write what was shown to a file: all of it as text, or parts of it as a picture if it is named `.svg`. */
    record: { type: 'string', multiple: true, default: [] },
  },
});
const port = Number(process.env.PORT ?? 7007);
const githubPort = Number(process.env.GITHUB_PORT ?? 7108);
const url = `http://127.0.0.1:${port}`;

const terminal = new Terminal();
const servers: Server[] = [];

let interrupt = () => {};
const interrupted = new Promise<void>(end => {
  interrupt = end;
});
process.on('SIGINT', () => interrupt());
process.on('SIGTERM', () => interrupt());

try {
  const show = perform();
  // A failure after Ctrl-C is only that the servers are gone.
  show.catch(() => {});
  const ok = await Promise.race([show, interrupted.then(() => true)]);
  process.exitCode = ok ? 0 : 1;
  if (!options.once) {
    await interrupted;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await Promise.all(servers.map(server => server.stop()));
  process.exit();
}

async function perform(): Promise<boolean> {
  const stage = await setStage();
  const results: Array<{ title: string; ok: boolean }> = [];
  for (const { title, play } of ACTS) {
    let ok = false;
    try {
      ok = await play(stage);
    } catch (error) {
      terminal.line(
        paint('red', `  ✗ ${error instanceof Error ? error.message : error}`),
      );
    }
    results.push({ title, ok });
  }
  showSummary(results);
  for (const file of options.record) {
    await writeFile(
      file,
      file.endsWith('.svg')
        ? drawTerminal(terminal.recording(PICTURE))
        : stripVTControlCharacters(terminal.recording()),
    );
  }
  return results.every(({ ok }) => ok);
}

async function setStage(): Promise<Stage> {
  const start = performance.now();
  await mkdir(LOGS, { recursive: true });
  terminal.line(paint('bold', 'goldenpath on a real Backstage'));
  servers.push(
    await startGitHub({
      port: githubPort,
      logFile: join(LOGS, 'github.log'),
      repositories: {
        'acme/broken-descriptors': join(ROOT, 'examples/catalog/broken'),
      },
    }),
  );
  const backstage = await startBackstage({
    port,
    githubPort,
    logFile: join(LOGS, 'backstage.log'),
    configs: options.config.map(file => resolve(file)),
  });
  servers.push(backstage);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  terminal.note(
    `Backstage at ${url} and a GitHub stand-in at http://127.0.0.1:${githubPort}, ready after ${seconds} s`,
  );
  return new Stage({
    terminal,
    url,
    github: new GitHubReader(`http://127.0.0.1:${githubPort}`, GITHUB_TOKEN),
    backendLog: () => backstage.log,
  });
}

function showSummary(results: Array<{ title: string; ok: boolean }>) {
  terminal.section('summary');
  terminal.heading('Summary');
  for (const { title, ok } of results) {
    terminal.line(
      `  ${ok ? paint('green', '✓') : paint(['bold', 'red'], '✗')} ${title}`,
    );
  }
  terminal.line();
  terminal.line(`  Backstage  ${url}`);
  terminal.line(`  GitHub     http://127.0.0.1:${githubPort}`);
  terminal.note(
    `  Logs       target/example/backstage.log, target/example/github.log`,
  );
  if (options.once) {
    return;
  }
  terminal.line();
  terminal.line(`  ${paint('bold', 'Try next')}`);
  terminal.line();
  terminal.note('  # as Olivia of the team payments; also: erin, petra');
  const token = `TOKEN=$(curl -s -H 'x-example-user: olivia' ${url}/api/auth/example/refresh | grep -o 'eyJ[^"]*')`;
  terminal.line(`  ${token}`);
  terminal.line(
    `  curl -s -H "authorization: Bearer $TOKEN" '${url}/api/catalog/entities?filter=kind=resource'`,
  );
  terminal.line();
  terminal.note('  # the same checks without Backstage, for your own files');
  terminal.line('  npx goldenpath check examples/catalog/broken/*.yaml');
  terminal.line();
  terminal.line(`  ${paint('bold', 'Ctrl-C ends it.')}`);
}
