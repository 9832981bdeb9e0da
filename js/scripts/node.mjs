// Backstage wants Node 22 or 24. Whatever Node started us, the real work runs on such a one: npm
// carries it as a package, and the script starts itself again on that.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

import { Obstacle, inRoot, run, since } from './shell.mjs';

const packaged = {
  'linux-x64': '24.21.0',
  'linux-arm64': '24.21.0',
  'darwin-x64': '24.18.1',
};

/** Returns on a suitable Node. On any other, runs the whole program again on one and exits with its code. */
export async function onSuitableNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    throw new Obstacle(
      `Node ${process.versions.node} is too old: install Node 20 or newer (https://nodejs.org)`,
    );
  }
  // 22.18 is the first that runs TypeScript without a flag
  if (major === 24 || (major === 22 && minor >= 18)) return;

  const home = await packagedNode();
  const bin = join(home, 'bin');
  const child = spawn(join(bin, 'node'), process.argv.slice(1), {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      // add-ons that npm compiles need the headers of this Node
      npm_config_nodedir: home,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // a terminal sends Ctrl-C to both of us, and once is enough
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  await new Promise((_, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      process.exit(code ?? 128 + constants.signals[signal]),
    );
  });
}

async function packagedNode() {
  const platform = `${process.platform}-${process.arch}`;
  const version = packaged[platform];
  if (!version) {
    throw new Obstacle(
      `Backstage needs Node 22.18 or 24, this is ${process.versions.node}: install Node 24 (https://nodejs.org)`,
    );
  }
  const name = `node-${platform}`;
  const folder = inRoot('target/tools', `node-${version}`);
  const home = join(folder, 'node_modules', name);
  if (existsSync(join(home, 'bin/node'))) return home;

  const start = performance.now();
  console.log(`Node ${version} for Backstage, from npm: about 10 s`);
  mkdirSync(folder, { recursive: true });
  // npm would climb to the clone's own package.json
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await run(
    'npm',
    ['install', '--no-audit', '--no-fund', `${name}@${version}`],
    {
      cwd: folder,
      log: inRoot('target/setup/node.log'),
    },
  );
  console.log(`Node ${version}: ready after ${since(start)}`);
  return home;
}
