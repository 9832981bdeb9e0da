import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubReader } from '../../examples/backstage/demo/github.ts';
import type { Server } from '../../examples/backstage/demo/server.ts';
import {
  GITHUB_TOKEN,
  spawnBackstage,
  startBackstage,
} from '../../examples/backstage/demo/servers.ts';
import { Stage } from '../../examples/backstage/demo/stage.ts';
import { Terminal } from '../../examples/backstage/demo/terminal.ts';
import { startGitHub, type GitHubStandIn } from '../github/server.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

export const BROKEN_DESCRIPTORS = join(EXAMPLES, 'catalog/broken');

/** The example Backstage with a GitHub stand-in, on free ports, for the tests of one file. */
export interface Lab {
  stage: Stage;
  github: GitHubStandIn;
  backstage: Server;
  /** A directory for the test's files. */
  directory: string;
  close(): Promise<void>;
}

/**
 * Starts both. `repositories` are added to GitHub; `config` overrides app-config.yaml; `prepare`
 * fills the directory before anything starts.
 */
export async function openLab(
  options: {
    repositories?: (directory: string) => Record<string, string>;
    config?: (directory: string) => object;
    prepare?: (directory: string) => Promise<void>;
  } = {},
): Promise<Lab> {
  const directory = await mkdtemp(join(tmpdir(), 'goldenpath-lab-'));
  await options.prepare?.(directory);
  const github = await startGitHub({
    port: 0,
    token: GITHUB_TOKEN,
    repositories: {
      'acme/platform-config': join(
        import.meta.dirname,
        '../github/seed/platform-config',
      ),
      'acme/broken-descriptors': BROKEN_DESCRIPTORS,
      ...options.repositories?.(directory),
    },
  });
  const port = await freePort();
  let backstage: Server;
  try {
    backstage = await startBackstage({
      port,
      githubPort: Number(new URL(github.url).port),
      logFile: join(directory, 'backstage.log'),
      configs: [
        await writeConfig(directory, options.config?.(directory) ?? {}),
      ],
    });
  } catch (error) {
    await github.close();
    throw error;
  }
  const stage = new Stage({
    terminal: silentTerminal(),
    url: `http://127.0.0.1:${port}`,
    github: new GitHubReader(github.url, GITHUB_TOKEN),
    backendLog: () => backstage.log,
  });
  return {
    stage,
    github,
    backstage,
    directory,
    async close() {
      await backstage.stop();
      await github.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Starts Backstage with a configuration that it shall refuse; gives its exit code and what it said. */
export async function failToStart(
  config: (directory: string) => object,
  prepare: (directory: string) => Promise<void>,
): Promise<{ code: number | null; log: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'goldenpath-lab-'));
  try {
    await prepare(directory);
    const backstage = await spawnBackstage({
      port: await freePort(),
      githubPort: 1,
      logFile: join(directory, 'backstage.log'),
      configs: [await writeConfig(directory, config(directory))],
    });
    const giveUp = setTimeout(() => backstage.stop(), 60_000);
    const code = await backstage.ended;
    clearTimeout(giveUp);
    return { code, log: backstage.log };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Shows nothing, but has the recording. */
export function silentTerminal(): Terminal {
  return new Terminal({ isTTY: false, write: () => true });
}

async function writeConfig(directory: string, config: object): Promise<string> {
  const file = join(directory, 'app-config.test.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
