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
  const names = await readdir(join(folder, prefix));
  const found = await inOrder(names.sort(), async (name): Promise<Entry[]> => {
    const path = prefix ? `${prefix}/${name}` : name;
    const stats = await lstat(join(folder, path));
    const mode = stats.mode & 0o777;
    if (stats.isDirectory()) {
      const entry: Entry = { path, kind: 'directory', mode };
      // git's own folder is refused by its name, once
      if (name.toLowerCase() === '.git') return [entry];
      return [entry, ...(await walk(folder, path))];
    }
    if (stats.isSymbolicLink()) return [{ path, kind: 'symlink', mode }];
    return [{ path, kind: stats.isFile() ? 'file' : 'other', mode }];
  });
  return found.flat();
}
