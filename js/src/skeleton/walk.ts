import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { inOrder } from './inOrder';

/** Something in the skeleton's folder. */
export interface Entry {
  /** Relative to the skeleton, with `/`. */
  path: string;
  kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits of a file. */
  mode: number;
}

/** All below a folder, sorted, folders before what is in them; links are not followed. */
export async function walk(folder: string, prefix = ''): Promise<Entry[]> {
  const names = (await readdir(join(folder, prefix))).sort();
  const found = await inOrder(names, async name => {
    const path = prefix ? `${prefix}/${name}` : name;
    return { name, path, stats: await lstat(join(folder, path)) };
  });
  const entries: Entry[] = [];
  for (const { name, path, stats } of found) {
    const mode = stats.mode & 0o777;
    if (stats.isDirectory()) {
      entries.push({ path, kind: 'directory', mode });
      // git's own folder is refused by its name, once
      if (name.toLowerCase() !== '.git')
        entries.push(...(await walk(folder, path)));
    } else if (stats.isSymbolicLink()) {
      entries.push({ path, kind: 'symlink', mode });
    } else {
      entries.push({ path, kind: stats.isFile() ? 'file' : 'other', mode });
    }
  }
  return entries;
}
