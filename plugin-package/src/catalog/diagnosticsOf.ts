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
 * then nothing is known of its `spec`.
 */
function withoutForeign(diagnostics: Diagnostic[]): Diagnostic[] {
  const isForeign = diagnostics.some(
    diagnostic =>
      FOREIGN_CODES.includes(diagnostic.code) && !namesWhatWasMeant(diagnostic),
  );
  return isForeign ? diagnostics.filter(isOfEveryKind) : diagnostics;
}

function isOfEveryKind({ code, pointer }: Diagnostic): boolean {
  return (
    code.startsWith('yaml/') ||
    !(FOREIGN_CODES.includes(code) || pointer?.startsWith('/spec'))
  );
}

/** Whether an unknown kind is a misspelt one of Backstage, told from a foreign one by its fix. */
export function isMisspeltKind(diagnostic: Diagnostic): boolean {
  return (
    diagnostic.code === 'catalog/unknown-kind' && namesWhatWasMeant(diagnostic)
  );
}

function namesWhatWasMeant({ fix }: Diagnostic): boolean {
  return fix !== undefined;
}
