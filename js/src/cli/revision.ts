import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

import { checkCatalogFile } from '../catalog';
import type { SourceFile } from '../types';
import { findCatalogFiles, readSource } from './files';
import { withTargets } from './locations';
import { Unusable } from './terminal';

const run = promisify(execFile);

/** The full id of the commit that a revision means. */
export async function commitOf(revision: string): Promise<string> {
  const name = `${revision}^{commit}`;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name];
  const { stdout } = await git(args).catch(error => {
    if (error.code !== 1) throw trouble(error);
    throw new Unusable(
      `\`${revision}\` is no revision here: fetch it, with its history`,
    );
  });
  return stdout.trim();
}

/** Where the history of a commit left that of another; that other if they have nothing in common. */
export async function forkOf(base: string, head: string): Promise<string> {
  const { stdout } = await git(['merge-base', base, head]).catch(error => {
    if (error.code !== 1) throw trouble(error);
    return { stdout: base };
  });
  return stdout.trim();
}

/**
 * The catalogue files of a commit, by their paths in the repository: those that `check` finds, and those
 * that their Locations list.
 */
export async function catalogFilesOf(commit: string): Promise<SourceFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-'));
  try {
    await unpack(commit, folder);
    const names = await findCatalogFiles([folder]);
    const named = await Promise.all(names.map(readSource));
    const check = (file: SourceFile) => checkCatalogFile(file);
    const all = await withTargets(
      named.map(file => ({ file, report: check(file) })),
      check,
    );
    return all.map(({ file: { name, content } }) => ({
      name: relative(folder, resolve(name)),
      content,
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the YAML files of a commit, and marks the folder as the root of a repository. */
async function unpack(commit: string, folder: string) {
  await mkdir(join(folder, '.git'));
  const { stdout } = await git(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const files = stdout
    .split('\0')
    .map(line => /^100\d+ blob (\w+)\t(.*\.ya?ml)$/s.exec(line))
    .flatMap(match => (match ? [{ id: match[1], path: match[2] }] : []))
    // git refuses such names, but not everything that writes its objects
    .filter(({ path }) => !/(^|\/)(\.\.?|\.git)(\/|$)/i.test(path));
  if (files.length === 0) return;
  const contents = await blobs(files.map(({ id }) => id));
  for (const [i, { path }] of files.entries()) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents[i]);
  }
}

/** The contents of blobs, in order. */
async function blobs(ids: string[]): Promise<Buffer[]> {
  const child = spawn('git', ['cat-file', '--batch'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((done, fail) => {
    child.stdout.on('data', chunk => chunks.push(chunk));
    child.on('error', error => fail(trouble(error)));
    child.on('close', code =>
      code === 0 ? done() : fail(new Unusable('git cannot read the files')),
    );
  });
  child.stdin.on('error', () => {});
  child.stdin.end(`${ids.join('\n')}\n`);
  await ended;
  const all = Buffer.concat(chunks);
  const found: Buffer[] = [];
  let at = 0;
  for (const id of ids) {
    // `<id> blob <size>`, the content, a line break
    const end = all.indexOf('\n', at);
    const [, type, size] = all.toString('utf8', at, end).split(' ');
    if (type !== 'blob') throw new Unusable(`git does not have ${id}`);
    const start = end + 1;
    at = start + Number(size) + 1;
    found.push(all.subarray(start, at - 1));
  }
  return found;
}

function git(args: string[]) {
  return run('git', args, { maxBuffer: 256 * 1024 * 1024 });
}

function trouble(error: { code?: unknown; stderr?: string; message: string }) {
  const why =
    error.code === 'ENOENT'
      ? 'git is not installed'
      : error.stderr?.trim().split('\n')[0] || error.message;
  return new Unusable(`git: ${why}`);
}
