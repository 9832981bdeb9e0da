import { lstat, readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path/posix';

import type { Diagnostic } from '../types';
import { inOrder } from './inOrder';
import { problem, related } from './problem';
import type { Entry } from './walk';

/** Something to write. */
export interface Output {
  /** Relative to the target, with `/`. */
  path: string;
  entry: Entry & { kind: 'file' | 'directory' | 'symlink' };
  /** The rendered text of a file; without one the file is copied. */
  text?: string;
  /** Where a symbolic link points. */
  link?: string;
}

/** What the target says to an output. */
export type Verdict =
  | 'create'
  | 'replace'
  /** It is there already and stays. */
  | 'keep';

/**
 * Compares the outputs with each other and with what is in the target. A verdict for each, in order,
 * and an error for each that must not be written.
 */
export async function checkOutputs(
  outputs: readonly Output[],
  target: string,
  replace: boolean,
): Promise<{ verdicts: Verdict[]; diagnostics: Diagnostic[] }> {
  const byPath = new Map<string, Output>();
  const diagnostics: Diagnostic[] = [];
  for (const output of outputs) {
    diagnostics.push(...refuse(output), ...collide(output, byPath));
    if (!byPath.has(output.path)) byPath.set(output.path, output);
  }
  for (const output of outputs) {
    diagnostics.push(...blockedByOutput(output, byPath));
  }

  const look = lookIn(target);
  // several at once; what follows only waits for what is there already
  const paths = outputs.flatMap(({ path }) => [...foldersAbove(path), path]);
  await inOrder([...new Set(paths)], look);
  const verdicts: Verdict[] = [];
  for (const output of outputs) {
    diagnostics.push(...(await blockedByTarget(output, look)));
    const there = await look(output.path);
    if (there === 'nothing') {
      verdicts.push('create');
    } else if (output.entry.kind === 'directory' || !replace) {
      verdicts.push('keep');
    } else {
      if (there === 'directory') diagnostics.push(folderInTheWay(output));
      verdicts.push('replace');
    }
  }
  return { verdicts, diagnostics };
}

/** The folders above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [...foldersAbove(folder), folder];
}

function refuse({ path, entry, link }: Output): Diagnostic[] {
  if (link !== undefined && !staysInside(path, link)) {
    return [
      problem(
        entry.path,
        'link-outside',
        `the symbolic link points to \`${link}\`, outside the target or not plainly inside`,
        'whoever follows the link would leave the rendered folder',
        'write a relative path without `..` behind a name, to a file of the skeleton',
      ),
    ];
  }
  return [];
}

/**
 * Whether a link can only lead into the target: `..` comes first, where it leaves real folders, not
 * behind the name of what could be another link.
 */
function staysInside(path: string, link: string): boolean {
  if (isAbsolute(link) || /[^./].*(^|\/)\.\.(\/|$)/.test(link)) return false;
  const end = normalize(join(dirname(path), link));
  return end !== '..' && !end.startsWith('../');
}

function collide(
  { path, entry }: Output,
  byPath: Map<string, Output>,
): Diagnostic[] {
  const other = byPath.get(path)?.entry;
  if (!other) return [];
  if (other.kind === 'directory' && entry.kind === 'directory') return [];
  return [collision(entry, other, `\`${path}\``)];
}

function blockedByOutput(
  { path, entry }: Output,
  byPath: Map<string, Output>,
): Diagnostic[] {
  const above = foldersAbove(path)
    .map(folder => byPath.get(folder))
    .find(output => output && output.entry.kind !== 'directory');
  return above
    ? [collision(entry, above.entry, `\`${above.path}\` of \`${path}\``)]
    : [];
}

function collision(entry: Entry, other: Entry, what: string): Diagnostic {
  return {
    ...problem(
      entry.path,
      'path-collision',
      `two entries of the skeleton render to one path: ${what}`,
      'one would overwrite the other',
      'change one of the names, or leave one out by a condition in its name',
    ),
    related: [related(other.path, 'the other one')],
  };
}

type Found = 'nothing' | 'directory' | 'symlink' | 'other';

/** Looks at paths of the target, at each once, and at none in a folder that is empty or not there. */
function lookIn(target: string): (path: string) => Promise<Found> {
  const seen = new Map<string, Promise<Found>>();
  const bare = new Map<string, Promise<boolean>>();

  async function find(path: string): Promise<Found> {
    const folder = dirname(path);
    if (folder !== '.' && (await look(folder)) === 'nothing') return 'nothing';
    const isBare = remembered(bare, folder, () =>
      isEmpty(join(target, folder)),
    );
    return (await isBare) ? 'nothing' : lookAt(join(target, path));
  }
  const look = (path: string) => remembered(seen, path, () => find(path));
  return look;
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  let found = known.get(key);
  if (found === undefined) {
    found = find();
    known.set(key, found);
  }
  return found;
}

/** Whether a folder has nothing in it; a folder that cannot be read may have. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

async function lookAt(path: string): Promise<Found> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return 'symlink';
    return stats.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOTDIR: below a file, which is a problem of the folder above
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    throw error;
  }
}

async function blockedByTarget(
  { path, entry }: Output,
  look: (path: string) => Promise<Found>,
): Promise<Diagnostic[]> {
  const folders = foldersAbove(path);
  if (entry.kind === 'directory') folders.push(path);
  for (const folder of folders) {
    const found = await look(folder);
    if (found === 'symlink' || found === 'other') {
      const what = found === 'symlink' ? 'a symbolic link' : 'a file';
      return [
        problem(
          entry.path,
          'target-in-the-way',
          `\`${folder}\` is ${what} in the target, not a folder`,
          'nothing is written through a link, and no file becomes a folder',
          'render into another folder, or remove it first',
        ),
      ];
    }
  }
  return [];
}

function folderInTheWay({ path, entry }: Output): Diagnostic {
  return problem(
    entry.path,
    'target-in-the-way',
    `\`${path}\` is a folder in the target`,
    'a file replaces files only',
    'render into another folder, or remove it first',
  );
}
