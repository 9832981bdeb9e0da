import { resolve } from 'node:path';

import { checkCatalogFile } from './catalog';
import { type Checked, withTargets } from './cli/locations';
import { WorkingTrees } from './cli/repository';
import type { CatalogOptions, CatalogReport, SourceFile } from './types';

/** What was found in the files of a folder. */
export interface FolderReport {
  /** The files, and those that their Locations list, each with what was found in it. */
  checked: Array<{ file: SourceFile; report: CatalogReport }>;
  /** Files that placeholders have read: findings may be about their lines. */
  read: SourceFile[];
}

/**
 * Checks catalogue files of a folder, and the files that their Locations list, as `goldenpath check`
 * does; placeholders are resolved. Names are paths from the folder, which nothing leads out of.
 */
export async function checkCatalogFiles(
  folder: string,
  files: SourceFile[],
  options: CatalogOptions = {},
): Promise<FolderReport> {
  const root = resolve(folder);
  const trees = new WorkingTrees(root);
  const checkOne = (file: SourceFile): Checked => ({
    file,
    report: checkCatalogFile(file, options, trees.of(file.name)),
  });
  const checked = await withTargets(
    files.map(checkOne),
    file => checkOne(file).report,
    root,
  );
  return { checked, read: [...trees.files.values()] };
}
