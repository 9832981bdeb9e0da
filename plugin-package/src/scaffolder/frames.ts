import { readFile } from 'node:fs/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import {
  type Diagnostic,
  type SourceFile,
  formatDiagnostics,
} from 'goldenpath';

/**
 * Renders diagnostics of files of a folder.
 *
 * @remarks
 *
 * One may be about an entry that has no text, such as a folder; it has no frame.
 */
export async function frames(
  diagnostics: Diagnostic[],
  folder: string,
): Promise<string> {
  const names = [...new Set(diagnostics.map(({ file }) => file))];
  const files = await Promise.all(
    names.map(async name => ({ name, content: await readText(folder, name) })),
  );
  return formatDiagnostics(diagnostics, files.filter(hasContent));
}

async function readText(folder: string, name: string) {
  try {
    return await readFile(resolveSafeChildPath(folder, name));
  } catch {
    return undefined;
  }
}

function hasContent(file: Partial<SourceFile>): file is SourceFile {
  return file.content !== undefined;
}
