import type { Diagnostic } from 'goldenpath';

/** Those that refuse the input. */
export function errorsOf(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** Those worth a line in the log. */
export function warningsOf(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'warning');
}
