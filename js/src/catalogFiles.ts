import { checkCatalogFile } from './catalog';
import { type Checked, withTargets } from './cli/locations';
import type { CatalogOptions, SourceFile } from './types';

/** A catalogue file with what was found in it. */
export type CheckedFile = Checked;

/**
 * Checks catalogue files of a folder, and the files that their Locations list, as `goldenpath check`
 * does. Names are paths from the folder, which nothing leads out of.
 */
export function checkCatalogFiles(
  folder: string,
  files: SourceFile[],
  options: CatalogOptions = {},
): Promise<CheckedFile[]> {
  const check = (file: SourceFile) => checkCatalogFile(file, options);
  return withTargets(
    files.map(file => ({ file, report: check(file) })),
    check,
    folder,
  );
}
