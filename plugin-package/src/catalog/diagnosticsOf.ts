import type { CatalogReport, Diagnostic } from 'goldenpath';

const FOREIGN_CODES = ['catalog/unknown-kind', 'catalog/unknown-api-version'];

/** What a report says of a file and of its documents, as far as that is ours to say. */
export function diagnosticsOf(report: CatalogReport): Diagnostic[] {
  return [
    ...report.diagnostics,
    ...report.documents.flatMap(document =>
      withoutForeign(document.diagnostics),
    ),
  ];
}

/**
 * Leaves out what only the owner of a kind can say.
 *
 * @remarks
 *
 * A kind or version that goldenpath does not know may be another plugin's.
 * Backstage asks all processors, and refuses the entity if none knows it; until
 * then nothing is known of its `spec`. A misspelt kind of Backstage is told from
 * a foreign one by its fix: there is a name that was meant.
 */
function withoutForeign(diagnostics: Diagnostic[]): Diagnostic[] {
  const isForeign = diagnostics.some(
    ({ code, fix }) => FOREIGN_CODES.includes(code) && !fix,
  );
  return isForeign ? diagnostics.filter(isOfEveryKind) : diagnostics;
}

function isOfEveryKind({ code, pointer }: Diagnostic): boolean {
  return (
    code.startsWith('yaml/') ||
    !(FOREIGN_CODES.includes(code) || pointer?.startsWith('/spec'))
  );
}
