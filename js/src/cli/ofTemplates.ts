import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';

/**
 * The descriptors that no template has: below the folder of a Template, files with tags are parts of its
 * skeleton, and what is in `snapshots` and `tests` is what its cases must render. `template lint` and
 * `template test` judge both.
 */
export async function withoutThoseOfTemplates(
  descriptors: string[],
  templateFiles: string[],
): Promise<string[]> {
  const folders = await foldersOf(templateFiles);
  const kept: string[] = [];
  for (const path of descriptors) {
    const folder = folders.find(candidate => isDeepIn(candidate, path));
    if (folder === undefined || !(await isPartOf(folder, path))) {
      kept.push(path);
    }
  }
  return kept;
}

/** Other tools have a `template.yaml`, too. */
async function foldersOf(templateFiles: string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const path of templateFiles) {
    const isOfScaffolder = /^apiVersion: *["']?scaffolder\.backstage\.io\//m;
    if (isOfScaffolder.test(await text(path))) folders.push(dirname(path));
  }
  return folders;
}

function isDeepIn(folder: string, path: string): boolean {
  const parts = relative(folder, path).split(sep);
  return parts.length > 1 && parts[0] !== '..';
}

async function isPartOf(folder: string, path: string): Promise<boolean> {
  const [first] = relative(folder, path).split(sep);
  if (first === 'snapshots' || first === 'tests') return true;
  return /\{\{|\{%/.test(await text(path));
}

/** What cannot be read is told by whoever checks it. */
function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
