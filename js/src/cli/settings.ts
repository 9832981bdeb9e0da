import { existsSync } from 'node:fs';

import { readSettings } from '../settings';
import type { Settings } from '../types';
import { readSource } from './files';
import { Unusable, printDiagnostics, printJson } from './terminal';

const usual = 'goldenpath.yaml';

/** How the help of a command says what `config` is. */
export const configOption = `  --config FILE                    What your organisation decides. Default: ${usual} of the
                                   current folder, if there is one`;

/** The settings in the named file, or in the usual one if there is one. */
export async function settingsFrom(
  path: string | undefined,
  { json }: { json: boolean },
): Promise<Settings> {
  if (path === undefined && !existsSync(usual)) return {};
  const file = await readSource(path ?? usual);
  const { settings, diagnostics } = readSettings(file);
  if (settings) return settings;
  if (json) printJson({ diagnostics });
  else printDiagnostics(diagnostics, [file]);
  throw new Unusable(`\`${file.name}\` cannot be used`);
}
