import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

import type { Diagnostic, SourceFile } from '../types';

/** The files of a skeleton that templates ask for, read when they do. */
export class Partials {
  readonly #source: string;
  readonly #read = new Map<string, SourceFile>();

  constructor(source: string) {
    this.#source = source;
  }

  /** The content of a path; of what lies outside of the skeleton, be it by a link, none. */
  readonly load = (path: string): Uint8Array | undefined => {
    try {
      const root = realpathSync(this.#source);
      const file = realpathSync(join(root, path));
      if (!file.startsWith(root + sep) || !statSync(file).isFile()) {
        return undefined;
      }
      const content = readFileSync(file);
      this.#read.set(path, { name: path, content });
      return content;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  };

  /** The texts of those that diagnostics are about. */
  sources(diagnostics: Diagnostic[]): SourceFile[] {
    const places = diagnostics.flatMap(found => [
      found.file,
      ...(found.related ?? []).map(({ file }) => file),
    ]);
    return [...new Set(places)].flatMap(file => this.#read.get(file) ?? []);
  }
}
