import {
  lstat,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, extname, join, normalize } from 'node:path';

import { checkCatalogFile } from '../catalog';
import { hasErrors } from '../diagnostics';
import type { CatalogReport, JsonValue, SourceFile } from '../types';
import { withoutThoseOfTemplates } from './ofTemplates';
import { Unusable, cannot, printDiagnostics } from './terminal';

export { isObject } from '../values';

/** Folders that hold no sources of their own. */
const skipped = new Set(['.git', 'node_modules', 'dist', 'target', 'vendor']);

/** What is told of a folder that cannot be read. */
type Told = (folder: string, error: unknown) => void;

/**
 * The files that are named, and `catalog-info*.yaml` below the folders that are named, be they readable
 * or not, but for those of templates.
 */
export async function findCatalogFiles(
  paths: string[],
  tell: Told = refuse,
): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    // a link that leads nowhere is there
    const stats = await stat(path).catch(() =>
      lstat(path).catch(error => {
        throw cannot('read', path, error);
      }),
    );
    found.push(
      ...(stats.isDirectory()
        ? await descriptorsBelow(path, tell)
        : [normalize(path)]),
    );
  }
  return [...new Set(found)];
}

export async function readSource(path: string): Promise<SourceFile> {
  try {
    return { name: path, content: await readFile(path) };
  } catch (error) {
    throw cannot('read', path, error);
  }
}

/** The value in a JSON file, or of the one document in a YAML file. */
export async function readValue(path: string): Promise<JsonValue> {
  const file = await readSource(path);
  return extname(path) === '.json' ? jsonIn(file) : onlyValue(file);
}

export function jsonIn({ name, content }: SourceFile): JsonValue {
  try {
    return JSON.parse(content.toString());
  } catch (error) {
    throw cannot('read', name, error);
  }
}

/** The value of the one document in a YAML file, which may have been read already. */
export function onlyValue(
  file: SourceFile,
  // a catalogue file is any YAML that can be said in JSON
  { diagnostics, documents }: CatalogReport = checkCatalogFile(file),
): JsonValue {
  if (hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, [file]);
    throw new Unusable(`\`${file.name}\` is not readable YAML`);
  }
  if (documents.length > 1) {
    throw new Unusable(
      `\`${file.name}\` has ${documents.length} documents, not one`,
    );
  }
  return documents[0]?.entity ?? {};
}

/** Writes a file such that nobody ever reads half of it. */
export async function writeWhole(path: string, text: string) {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, text, { flag: 'wx' });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw cannot('write', path, error);
  }
}

/** The `*.yaml` of a folder, which has some; nothing if it is none. */
export async function yamlFilesIn(path: string): Promise<string[] | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return undefined;
    const names = (await readdir(path)).filter(name => /\.ya?ml$/.test(name));
    if (names.length === 0) throw new Unusable(`no *.yaml in \`${path}\``);
    return names.sort().map(name => join(path, name));
  } catch (error) {
    throw error instanceof Unusable ? error : cannot('read', path, error);
  }
}

async function descriptorsBelow(folder: string, tell: Told): Promise<string[]> {
  const found: string[] = [];
  const templates: string[] = [];
  await walk(folder, tell, path => {
    if (/^catalog-info.*\.ya?ml$/.test(basename(path))) found.push(path);
    else if (/^template\.ya?ml$/.test(basename(path))) templates.push(path);
  });
  return withoutThoseOfTemplates(found, templates);
}

/** All files below a folder but those in folders without sources, in order. */
export async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  await walk(folder, refuse, (path, isFolder) => {
    if (!isFolder) found.push(path);
  });
  return found;
}

function refuse(path: string, error: unknown) {
  throw cannot('read', path, error);
}

async function walk(
  folder: string,
  tell: Told,
  visit: (path: string, isFolder: boolean) => void,
) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(error =>
    tell(folder, error),
  );
  for (const entry of entries?.sort((a, b) => (a.name < b.name ? -1 : 1)) ??
    []) {
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (isFolder && skipped.has(entry.name)) continue;
    visit(path, isFolder);
    if (isFolder) await walk(path, tell, visit);
  }
}
