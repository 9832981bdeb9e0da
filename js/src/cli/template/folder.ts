import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

import { isBinaryFile } from 'isbinaryfile';

import type { TemplateFile } from '../../types';
import { cannot } from '../terminal';

/** Folders that are no part of a template. */
const skipped = new Set(['.git', 'node_modules']);

/** The files that are named, and each `template.yaml` below the folders that are named. */
export async function findTemplates(paths: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch(error => {
      throw cannot('read', path, error);
    });
    found.push(
      ...(stats.isDirectory() ? await templatesBelow(path) : [normalize(path)]),
    );
  }
  return [...new Set(found)];
}

/** A template and all files of its folder. */
export async function readTemplate(path: string): Promise<TemplateFile[]> {
  try {
    const template = { name: slashed(path), content: await text(path) };
    const others = (await filesBelow(dirname(path))).filter(
      name => name !== path,
    );
    const files: TemplateFile[] = [template];
    for (const name of others) {
      const content = (await isBinaryFile(name)) ? undefined : await text(name);
      files.push({ name: slashed(name), content });
    }
    return files;
  } catch (error) {
    throw cannot('read', path, error);
  }
}

/** What is below a template is its skeletons, templates among them too. */
async function templatesBelow(folder: string): Promise<string[]> {
  const entries = await list(folder);
  const here = entries.filter(
    entry => entry.isFile() && /^template\.ya?ml$/.test(entry.name),
  );
  if (here.length > 0) return here.map(({ name }) => join(folder, name));
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() && !skipped.has(entry.name)) {
      found.push(...(await templatesBelow(join(folder, entry.name))));
    }
  }
  return found;
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await list(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && !skipped.has(entry.name)) {
      found.push(...(await filesBelow(path)));
    }
  }
  return found;
}

async function list(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    error => {
      throw cannot('read', folder, error);
    },
  );
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function text(path: string): Promise<string> {
  return readFile(path, 'utf8');
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
