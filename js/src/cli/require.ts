import { join } from 'node:path';

import type { CatalogReport } from '../types';
import { start } from './places';

/** What is said of a repository without a descriptor, where there should be one. */
export function noDescriptor(
  paths: string[],
): CatalogReport & { file: string } {
  const file = join(paths[0], 'catalog-info.yaml');
  return {
    file,
    diagnostics: [
      {
        code: 'catalog/no-descriptor',
        severity: 'error',
        message: `no catalog-info*.yaml in \`${paths.join('`, `')}\``,
        why: 'Backstage knows a repository by its catalogue files',
        help: `write \`${file}\``,
        file,
        start,
        end: start,
      },
    ],
    documents: [],
  };
}
