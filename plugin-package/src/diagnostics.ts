import type { CatalogReport, Diagnostic } from 'goldenpath';

/** What a report says of the file and of its documents. */
export function allOf(report: CatalogReport): Diagnostic[] {
  return [
    ...report.diagnostics,
    ...report.documents.flatMap(document => document.diagnostics),
  ];
}

/** Those that refuse the input. */
export function errorsOf(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** Those worth a line in the log. */
export function warningsOf(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'warning');
}
