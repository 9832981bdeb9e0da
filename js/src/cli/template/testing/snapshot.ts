import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { walk } from '../../../skeleton/walk';

/** How a workspace differs from its snapshot, one line for each file. */
export async function differences(
  workspace: string,
  snapshot: string,
): Promise<string[]> {
  if (!existsSync(snapshot)) {
    return [`there is no snapshot \`${snapshot}\`: --update writes it`];
  }
  const [actual, expected] = await Promise.all(
    [workspace, snapshot].map(filesBelow),
  );
  const found: string[] = [];
  for (const path of [...new Set([...actual, ...expected])].sort()) {
    if (!expected.includes(path)) found.push(`${path}: not in the snapshot`);
    else if (!actual.includes(path)) found.push(`${path}: is missing`);
    else {
      const [now, then] = await Promise.all(
        [workspace, snapshot].map(folder => contentOf(join(folder, path))),
      );
      if (!now.equals(then)) found.push(`${path}${firstDifference(now, then)}`);
    }
  }
  return found;
}

/** Makes a workspace the snapshot. */
export async function update(workspace: string, snapshot: string) {
  await rm(snapshot, { recursive: true, force: true });
  await mkdir(snapshot, { recursive: true });
  await cp(workspace, snapshot, { recursive: true, verbatimSymlinks: true });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await walk(folder);
  return entries.flatMap(({ kind, path }) =>
    kind === 'directory' ? [] : path,
  );
}

/** Of a link, where it leads. */
async function contentOf(path: string): Promise<Buffer> {
  const isLink = (await lstat(path)).isSymbolicLink();
  return isLink ? Buffer.from(await readlink(path)) : readFile(path);
}

function firstDifference(now: Buffer, then: Buffer): string {
  const [left, right] = [now, then].map(text => text.toString().split('\n'));
  const line = left.findIndex((text, i) => text !== right[i]);
  const at = line === -1 ? left.length : line;
  const shown = (lines: string[]) =>
    lines[at] === undefined ? 'the end' : `\`${lines[at]}\``;
  return `:${at + 1}: ${shown(left)}, in the snapshot ${shown(right)}`;
}
