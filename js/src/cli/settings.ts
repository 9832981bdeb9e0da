import { existsSync } from 'node:fs';

import { readSettings } from '../settings';
import type { Diagnostic, Settings, SourceFile } from '../types';
import { readSource } from './files';
import { Unusable, printDiagnostics, printJson } from './terminal';

const usual = 'goldenpath.yaml';

/** How the help of a command says what `config` is. */
export const configOption = `  --config FILE                    What your organisation decides. Default: ${usual} of the
                                   current folder, if there is one`;

/** How a command says that the file has errors: as JSON or text, or in a way of its own. */
export interface Refusal {
  json: boolean;
  refuse?: (diagnostics: Diagnostic[], file: SourceFile) => void;
}

/** The settings in the named file, or in the usual one if there is one. */
export async function settingsFrom(
  path: string | undefined,
  refusal: Refusal,
): Promise<Settings> {
  if (path === undefined && !existsSync(usual)) return {};
  const file = await readSource(path ?? usual);
  const { settings, diagnostics } = readSettings(file);
  if (settings) return settings;
  return refused(diagnostics, file, refusal);
}

/** Says what is wrong with a file that is needed, and ends the program. */
export function refused(
  diagnostics: Diagnostic[],
  file: SourceFile,
  { json, refuse = json ? printJsonOf : printTextOf }: Refusal,
): never {
  refuse(diagnostics, file);
  throw new Unusable(`\`${file.name}\` cannot be used`);
}

function printJsonOf(diagnostics: Diagnostic[]) {
  printJson({ diagnostics });
}

function printTextOf(diagnostics: Diagnostic[], file: SourceFile) {
  printDiagnostics(diagnostics, [file]);
}
