import { readFile } from 'node:fs/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import {
  type Diagnostic,
  type SourceFile,
  formatDiagnostics,
} from 'goldenpath';

/** Renders diagnostics of files of a folder. */
export async function frames(
  diagnostics: Diagnostic[],
  folder: string,
): Promise<string> {
  const names = [...new Set(diagnostics.map(({ file }) => file))];
  const files = await Promise.all(names.map(name => readSource(folder, name)));
  return formatDiagnostics(diagnostics, files.flat());
}

/** Nothing for an entry that has no text, such as a folder: its diagnostics have no frame. */
async function readSource(folder: string, name: string): Promise<SourceFile[]> {
  try {
    const content = await readFile(resolveSafeChildPath(folder, name));
    return [{ name, content }];
  } catch {
    return [];
  }
}
