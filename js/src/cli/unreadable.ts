import { readFileSync, statSync } from 'node:fs';

import type { CatalogReport, SourceFile } from '../types';
import type { Checked } from './locations';
import { start } from './places';
import { reason } from './terminal';

/** Reads a file under its name; what cannot be read is a finding, so that the other files are judged. */
export function readDescriptor(
  name: string,
  path = name,
): SourceFile | Checked {
  try {
    return { name, content: content(path) };
  } catch (error) {
    return unreadable(name, error);
  }
}

/** Checks what could be read. */
export function checkRead(
  read: SourceFile | Checked,
  check: (file: SourceFile) => CatalogReport,
): Checked {
  return 'report' in read ? read : { file: read, report: check(read) };
}

/** What is said of a file or a folder that cannot be read. */
export function unreadable(name: string, error: unknown): Checked {
  const { code } = error as NodeJS.ErrnoException;
  const report: CatalogReport = {
    diagnostics: [
      {
        code: 'source/unreadable',
        severity: 'error',
        message: `\`${name}\` cannot be read: ${why(code) ?? reason(error)}`,
        why: 'Backstage cannot read it either, and nothing is known of what is in it',
        help: 'make it a file that can be read, or remove it',
        file: name,
        start,
        end: start,
      },
    ],
    documents: [],
  };
  return { file: { name, content: '' }, report };
}

/** At once: to wait for each of many small files takes longer than to read them. */
function content(name: string): Uint8Array {
  const stats = statSync(name);
  // a pipe would never end
  if (!stats.isFile() && !stats.isDirectory()) {
    throw new Error('it is no regular file');
  }
  return readFileSync(name);
}

function why(code: string | undefined): string | undefined {
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'ENOENT') return 'it is a link that leads nowhere';
  if (code === 'ELOOP') return 'it is a link that leads to itself';
  return undefined;
}
