import { randomUUID } from 'node:crypto';
import {
  mkdir,
  open,
  readFile,
  rename,
  rm,
  rmdir,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type Output, foldersAbove } from './check';
import { inOrder } from './inOrder';

type Undo = () => Promise<unknown>;

/** An output that is not there yet or is to be replaced. */
export type Placed = Output & {
  replaces: boolean;
  /** Only takes away what is there. */
  isRemoved?: boolean;
};

/**
 * Writes the outputs below the target. If that fails anywhere, takes back what it did and rejects.
 * The outputs are checked: no path leaves the target or passes through a link.
 */
export async function write(
  outputs: readonly Placed[],
  source: string,
  target: string,
): Promise<void> {
  const undo: Undo[] = [];
  const leftovers: string[] = [];

  async function place(output: Placed) {
    const path = join(target, output.path);
    if (output.replaces) {
      const aside = join(dirname(path), `.goldenpath-${randomUUID()}`);
      await rename(path, aside);
      undo.push(() => rename(aside, path));
      leftovers.push(aside);
    }
    if (output.isRemoved) return;
    if (output.link !== undefined) {
      await symlink(output.link, path);
      undo.push(() => rm(path));
      return;
    }
    const content =
      output.text ?? (await readFile(join(source, output.entry.path)));
    // `wx` neither overwrites nor follows what has appeared meanwhile
    const file = await open(path, 'wx', output.entry.mode);
    undo.push(() => rm(path));
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  }

  try {
    await makeFolder(target, undo);
    for (const folder of foldersOf(outputs)) {
      await makeFolder(join(target, folder), undo);
    }
    const files = outputs.filter(({ entry }) => entry.kind !== 'directory');
    await inOrder(files, place);
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {});
    throw error;
  }
  for (const path of leftovers) await rm(path);
}

function foldersOf(outputs: readonly Placed[]): string[] {
  const folders = outputs.flatMap(({ path, entry }) =>
    entry.kind === 'directory'
      ? [...foldersAbove(path), path]
      : foldersAbove(path),
  );
  return [...new Set(folders)];
}

async function makeFolder(path: string, undo: Undo[]): Promise<void> {
  try {
    await mkdir(path);
    undo.push(() => rmdir(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path), undo);
    await makeFolder(path, undo);
  }
}
