// Running commands and hashing files: all that the set-up needs of the machine.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Something that only the user can mend; its message is the one line to print. */
export class Obstacle extends Error {}

/** A path of the clone. */
export const inRoot = (...parts) => join(root, ...parts);

const running = new Set();

/** Ends the commands that are still running; for a set-up that has failed elsewhere. */
export function stopAll() {
  for (const child of running) child.kill();
}

/**
 * Runs a command to its end, its output going to `log` (or to the terminal without one).
 * Rejects with the tail of the log if it fails.
 */
export function run(command, args, { cwd = root, env, log } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: log ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    running.add(child);
    if (log) {
      mkdirSync(dirname(log), { recursive: true });
      const sink = createWriteStream(log, { flags: 'a' });
      sink.write(`$ ${[command, ...args].join(' ')}\n`);
      child.stdout.pipe(sink, { end: false });
      child.stderr.pipe(sink, { end: false });
      child.on('close', () => sink.end());
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) {
        resolve();
        return;
      }
      const said = log ? `\n${tail(log)}\n(all of it: ${show(log)})` : '';
      reject(
        new Error(
          `\`${[command, ...args].join(' ')}\` failed (${
            signal ?? code
          })${said}`,
        ),
      );
    });
  });
}

/** What a quick command prints, or `undefined` if it cannot be run or fails. */
export function ask(command, args, env) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** One hash over texts and over the files and folders at `paths`, names included. */
export function fingerprint(paths, texts = []) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text}\0`);
  for (const path of paths) {
    for (const file of filesBelow(inRoot(path))) {
      hash
        .update(`${show(file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** A path as the user knows it. */
export function show(path) {
  return relative(root, path);
}

/** `1.2 s` or `2 min 5 s` since `start`. */
export function since(start) {
  const seconds = (performance.now() - start) / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

const generated = new Set(['node_modules', 'dist', 'dist-types', 'coverage']);

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => !generated.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => filesBelow(join(path, entry.name)));
}

function tail(log) {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-30).join('\n');
}
