import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

import type { CatalogDocument, CatalogReport, SourceFile } from '../types';
import { filesBelow, isObject } from './files';
import { globOf } from './globs';
import { findPlace, start } from './places';
import { isBelow, rootOf, shown } from './repository';
import { checkRead, readDescriptor } from './unreadable';

/** A file with what was found in it. */
export interface Checked {
  file: SourceFile;
  report: CatalogReport;
}

type Walk = (folder: string) => Promise<string[]>;

/**
 * The files with those that their Locations list, and so on. Adds to their reports what is wrong with
 * the targets, and which files are listed nowhere although there are Locations.
 *
 * With a folder, names are relative to it, and nothing leads out of it; else to the current folder, and
 * nothing leads out of each file's Git repository.
 */
export async function withTargets(
  roots: Checked[],
  check: (file: SourceFile) => CatalogReport,
  folder?: string,
): Promise<Checked[]> {
  const pathOf = ({ file }: Checked) => resolve(folder ?? '', file.name);
  const all = [...roots];
  const known = new Set(all.map(pathOf));
  const listed = new Set<string>();
  const listing = new Set<string>();
  const walk = onceEach(filesBelow);
  // grows while it is walked
  for (const checked of all) {
    const own = pathOf(checked);
    const root = folder ?? rootOf(own);
    for (const document of checked.report.documents) {
      for (const target of targetsOf(document)) {
        listing.add(own);
        const from = { own, root, file: checked.file };
        for (const path of await resolved(target, from, document, walk)) {
          listed.add(path);
          if (known.has(path)) continue;
          known.add(path);
          const name = folder ? relative(folder, path) : shown(path);
          all.push(checkRead(await readDescriptor(name, path), check));
        }
      }
    }
  }
  if (listing.size > 0) {
    const isUnlisted = (path: string) =>
      !listed.has(path) && !listing.has(path);
    nameUnlisted(roots.filter(one => isUnlisted(pathOf(one)) && isRead(one)));
  }
  nameEmpty(all);
  return all;
}

/** What a Location lists of its own repository: Backstage fetches addresses from elsewhere. */
function targetsOf({ entity, hasEnvelope }: CatalogDocument): string[] {
  if (!hasEnvelope || !isObject(entity) || entity.kind !== 'Location')
    return [];
  const { spec } = entity;
  if (!isObject(spec)) return [];
  const { type, target, targets } = spec;
  if (type !== undefined && type !== 'file' && type !== 'url') return [];
  return [target, ...(Array.isArray(targets) ? targets : [])].filter(
    (one): one is string =>
      typeof one === 'string' &&
      one !== '' &&
      !/^[a-z][a-z0-9+.-]*:/i.test(one),
  );
}

/** The files that a target means. If something is wrong with it, the document says so. */
async function resolved(
  target: string,
  { own, root, file }: { own: string; root: string; file: SourceFile },
  document: CatalogDocument,
  walk: Walk,
): Promise<string[]> {
  const say = (
    severity: 'error' | 'warning',
    code: string,
    message: string,
    why: string,
  ) => {
    const at = findPlace(target, file, document.start);
    document.diagnostics.push({ code, severity, message, why, ...at });
  };
  // as Backstage does, `/` is the root of the repository
  const path = target.startsWith('/')
    ? join(root, target)
    : resolve(dirname(own), target);
  const isGlob = /[*?]/.test(target);
  const paths = isGlob ? await matching(path, root, walk) : [path];
  const found: string[] = [];
  for (const candidate of paths) {
    if (!(await isWithin(root, candidate))) {
      say(
        'warning',
        'catalog/target-outside',
        `\`${target}\` is outside of the repository`,
        'it is not read, and Backstage resolves it at the place that the Location was registered from',
      );
    } else if ((await stat(candidate).catch(() => undefined))?.isFile()) {
      found.push(candidate);
    } else if (!isOptional(document)) {
      say(
        'error',
        'catalog/missing-target',
        `\`${target}\` is no file`,
        'Backstage cannot read what a Location lists, unless its `presence` is `optional`',
      );
    }
  }
  if (isGlob && found.length === 0) {
    say(
      'warning',
      'catalog/missing-target',
      `no file matches \`${target}\``,
      'Backstage takes no entity from it',
    );
  }
  if (!isGlob && found.includes(own)) {
    say(
      'warning',
      'catalog/target-itself',
      `\`${target}\` is the file of the Location itself`,
      'nothing new is in it',
    );
  }
  return found;
}

function isOptional({ entity }: CatalogDocument): boolean {
  return (
    isObject(entity) &&
    isObject(entity.spec) &&
    entity.spec.presence === 'optional'
  );
}

async function matching(
  pattern: string,
  root: string,
  walk: Walk,
): Promise<string[]> {
  // the folder before the first part that is a pattern
  const folder = pattern.slice(0, pattern.search(/[^/\\]*[*?]/));
  if (!(await isWithin(root, folder)) || !existsSync(folder)) return [];
  const isMeant = globOf(pattern.slice(folder.length));
  const paths = await walk(folder);
  return paths.filter(path => isMeant(relative(folder, path)));
}

/** However many globs begin in a folder, it is walked once. */
function onceEach(walk: Walk): Walk {
  const walks = new Map<string, Promise<string[]>>();
  return folder => {
    const files = walks.get(folder) ?? walk(folder);
    walks.set(folder, files);
    return files;
  };
}

/** Whether a path stays below a folder, also behind symbolic links. */
async function isWithin(folder: string, path: string): Promise<boolean> {
  if (!isBelow(folder, resolve(path))) return false;
  const real = await realpath(path).catch(() => undefined);
  return real === undefined || isBelow(await realpath(folder), real);
}

function isRead({ report }: Checked): boolean {
  return report.diagnostics.every(({ code }) => code !== 'source/unreadable');
}

/** Files that are readable, and have nothing but comments at most. */
function nameEmpty(all: Checked[]) {
  for (const { file, report } of all) {
    const isSilent = report.diagnostics.every(
      ({ code }) => code === 'catalog/unlisted-file',
    );
    if (report.documents.length > 0 || !isSilent) continue;
    report.diagnostics.push({
      code: 'catalog/no-entity',
      severity: 'warning',
      message: `there is no entity in \`${file.name}\``,
      why: 'Backstage reads it, says nothing, and takes nothing from it',
      help: 'write an entity, or remove the file',
      file: file.name,
      start,
      end: start,
    });
  }
}

function nameUnlisted(unlisted: Checked[]) {
  for (const { file, report } of unlisted) {
    report.diagnostics.push({
      code: 'catalog/unlisted-file',
      severity: 'info',
      message: `no Location lists \`${file.name}\``,
      why: 'unless it is registered or discovered by itself, the catalogue does not have it',
      file: file.name,
      start,
      end: start,
    });
  }
}
