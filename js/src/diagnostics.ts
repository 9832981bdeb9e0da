import { call } from './load';
import type { Diagnostic, SourceFile } from './types';

/** Renders diagnostics as text, with a code frame for each of which the file is given. */
export function formatDiagnostics(
  diagnostics: Diagnostic[],
  files: SourceFile[] = [],
  options: { colour?: boolean } = {},
): string {
  const request = {
    diagnostics,
    files: files.map(({ name, content }) => ({ name, content: text(content) })),
    colour: options.colour ?? false,
  };
  return call('formatDiagnostics', ({ core }) =>
    core.formatDiagnostics(JSON.stringify(request)),
  );
}

/** Whether one of them refuses the input. */
export function hasErrors(diagnostics: Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function text(content: string | Uint8Array): string {
  return typeof content === 'string'
    ? content
    : new TextDecoder().decode(content);
}
