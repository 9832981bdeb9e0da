import {
  existsSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

import type { ReadFailure, Repository, SourceFile } from '../types';
import { reason } from './terminal';

/** Working trees, each looked for once, and the files that were read from them. */
export class WorkingTrees {
  /** What was read, to show the lines that diagnostics are about. */
  readonly files = new Map<string, SourceFile>();
  /** By folder. */
  readonly #roots: Roots = new Map();
  readonly #urls = new Map<string, string | undefined>();
  readonly #folder?: string;

  /** With a folder, that is the one there is, and names are relative to it. */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  /** The repository that a file is in. */
  of(file: string): Repository {
    const own = resolve(this.#folder ?? '', file);
    const root = this.#folder ?? rootOf(own, this.#roots);
    if (!this.#urls.has(root)) this.#urls.set(root, originOf(root));
    return {
      path: relative(root, own).split(sep).join('/'),
      url: this.#urls.get(root),
      read: path => this.#read(root, path),
    };
  }

  #read(root: string, path: string): SourceFile | ReadFailure {
    const file = join(root, path);
    const name = this.#folder ? path : shown(file);
    try {
      if (!isBelow(realpathSync(root), realpathSync(file))) {
        return { failure: 'outside' };
      }
      const stats = statSync(file);
      if (stats.isDirectory()) return { failure: 'folder' };
      // a pipe would never end
      if (!stats.isFile()) return { failure: 'it is no regular file' };
      const read = { name, content: readFileSync(file) };
      this.files.set(name, read);
      return read;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') {
        return { failure: reason(error) };
      }
      return isFolderOf(root, dirname(file))
        ? { failure: 'missing', beside: namesIn(dirname(file)) }
        : { failure: 'outside' };
    }
  }
}

/** The folder of the Git repository that a file is in, or else the current one. */
export function rootOf(file: string, known: Roots = new Map()): string {
  const root = repositoryOf(dirname(file), known);
  if (root !== undefined) return root;
  const current = resolve();
  return file.startsWith(current + sep) ? current : dirname(file);
}

/** The repositories that folders are in, so that each folder is looked at once. */
type Roots = Map<string, string | undefined>;

function repositoryOf(folder: string, known: Roots): string | undefined {
  if (known.has(folder)) return known.get(folder);
  const above = dirname(folder);
  let root: string | undefined;
  if (existsSync(join(folder, '.git'))) root = folder;
  else if (above !== folder) root = repositoryOf(above, known);
  known.set(folder, root);
  return root;
}

export function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(join(folder, sep));
}

/** A path as it is shown: relative, unless that leads upwards. */
export function shown(path: string): string {
  const name = relative('', path);
  return name.startsWith('..') ? path : name;
}

/** Whether a folder is in a working tree, so that its names may be told. One that is not there has none. */
function isFolderOf(root: string, folder: string): boolean {
  if (!isBelow(root, folder)) return false;
  try {
    return isBelow(realpathSync(root), realpathSync(folder));
  } catch {
    return true;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where a repository was cloned from, as an address. */
function originOf(root: string): string | undefined {
  try {
    const config = readFileSync(join(gitFolder(root), 'config'), 'utf8');
    const [, section = ''] = config.split(/^\[remote "origin"\]$/m);
    const url = /^\s*url\s*=\s*(\S+)\s*$/m.exec(section.split(/^\[/m)[0])?.[1];
    // git has a short way to write an address for ssh
    const address = url?.replace(
      /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)/,
      'https://$1/',
    );
    // from a folder, it may have been anywhere before
    return address?.includes('://') ? address : undefined;
  } catch {
    return undefined;
  }
}

/** A worktree has a file that names its folder, which is within that of the repository. */
function gitFolder(root: string): string {
  const own = join(root, '.git');
  try {
    const folder = readFileSync(own, 'utf8').replace(/^gitdir: |\n$/g, '');
    const parent = dirname(resolve(root, folder));
    return basename(parent) === 'worktrees' ? dirname(parent) : folder;
  } catch {
    return own;
  }
}
