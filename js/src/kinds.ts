import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

import picomatch from 'picomatch';

import { bytes } from './bytes';
import { call } from './load';
import type {
  CatalogOptions,
  CatalogSettings,
  Diagnostic,
  KindDefinition,
  KindsReading,
  SourceFile,
} from './types';

/**
 * Reads a file of kinds, in JSON or YAML: a JSON Schema of an entity, `{ apiVersion, kind, schema }`, or
 * what `goldenpath model pull` writes.
 */
export function readKinds(file: SourceFile): KindsReading {
  return call('readKinds', ({ core }) =>
    JSON.parse(core.readKinds(file.name, bytes(file.content))),
  );
}

/**
 * The options that settings mean: the files with kinds that they name are read, from a folder. A file that
 * is not there is an error.
 */
export function catalogOptions(
  { kinds = [], model, ...others }: CatalogSettings = {},
  folder = '.',
): { options: CatalogOptions; diagnostics: Diagnostic[]; files: SourceFile[] } {
  const diagnostics: Diagnostic[] = [];
  const files: SourceFile[] = [];
  const definitionsIn = (file: SourceFile): KindDefinition[] => {
    const reading = readKinds(file);
    files.push(file);
    diagnostics.push(...reading.diagnostics);
    return reading.kinds ?? [];
  };
  const options: CatalogOptions = { ...others };
  if (kinds.length > 0) {
    options.kinds = kinds.flatMap(kind =>
      typeof kind === 'string'
        ? filesAt(kind, folder).flatMap(path => definitionsIn(read(path)))
        : definitionsIn(inline(kind)),
    );
  }
  if (model !== undefined) {
    options.model = definitionsIn(read(join(folder, model)));
  }
  return { options, diagnostics, files };
}

/** The files that a path or a glob means, in order. */
function filesAt(pattern: string, folder: string): string[] {
  const { base, glob } = picomatch.scan(pattern.replace(/^\.\//, ''));
  const start = resolve(folder, base);
  if (!glob) return [join(folder, pattern)];
  const matches = picomatch(glob);
  const found = readdirSync(start, { recursive: true, encoding: 'utf8' })
    .filter(path => matches(path.split(sep).join('/')))
    .sort();
  if (found.length === 0) throw new Error(`no file matches \`${pattern}\``);
  return found.map(path => relative('.', join(start, path)));
}

function read(path: string): SourceFile {
  return { name: path, content: readFileSync(path) };
}

/** A definition among the settings, as a file of its own. */
function inline(kind: KindDefinition): SourceFile {
  return { name: kind.kind, content: JSON.stringify(kind, undefined, 2) };
}
