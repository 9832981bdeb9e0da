import { createServer } from 'node:net';
import { join } from 'node:path';
import { Server } from './server.ts';

const EXAMPLE = join(import.meta.dirname, '..');
const STAND_IN = join(EXAMPLE, '../../tests/github/main.ts');

/** The token that the stand-in accepts, as in app-config.yaml. */
export const GITHUB_TOKEN = 'stand-in-token';

/** Starts the GitHub stand-in; `repositories` maps names such as `acme/x` to directories with their files. */
export async function startGitHub(options: {
  port: number;
  logFile: string;
  repositories: Record<string, string>;
}): Promise<Server> {
  const { port, logFile, repositories } = options;
  await assertFree(port, 'GITHUB_PORT');
  const server = Server.start({
    name: 'the GitHub stand-in',
    args: [
      ...[STAND_IN, '--port', String(port), '--token', GITHUB_TOKEN],
      ...Object.entries(repositories).flatMap(([name, directory]) => [
        '--repository',
        `${name}=${directory}`,
      ]),
    ],
    cwd: EXAMPLE,
    env: {},
    logFile,
  });
  await ready(server, `http://127.0.0.1:${port}/`);
  return server;
}

/** Starts the example Backstage; `configs` are configuration files beside or instead of its own. */
export async function startBackstage(options: {
  port: number;
  githubPort: number;
  logFile: string;
  configs?: string[];
}): Promise<Server> {
  const server = await spawnBackstage(options);
  await ready(
    server,
    `http://127.0.0.1:${options.port}/.backstage/health/v1/readiness`,
  );
  return server;
}

/** As {@link startBackstage}, but does not wait: for a start that is expected to fail. */
export async function spawnBackstage(options: {
  port: number;
  githubPort: number;
  logFile: string;
  configs?: string[];
}): Promise<Server> {
  const { port, githubPort, logFile, configs = [] } = options;
  await assertFree(port, 'PORT');
  return Server.start({
    name: 'Backstage',
    args: [
      'src/index.ts',
      ...['app-config.yaml', ...configs].flatMap(file => ['--config', file]),
    ],
    cwd: EXAMPLE,
    env: {
      NODE_ENV: 'development',
      PORT: String(port),
      GITHUB_PORT: String(githubPort),
      GITHUB_TOKEN,
    },
    logFile,
  });
}

async function ready(server: Server, url: string) {
  try {
    await server.waitUntilReady(url);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function assertFree(port: number, variable: string) {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', () =>
      reject(
        new Error(
          `the port ${port} is in use: end what uses it, or choose another with ${variable}=…`,
        ),
      ),
    );
    probe.listen(port, '127.0.0.1', resolve);
  });
  await new Promise(resolve => probe.close(resolve));
}
