import type { Entity } from '@backstage/catalog-model';
import {
  type CatalogProcessorParser,
  processingResult,
} from '@backstage/plugin-catalog-node';
import {
  type CatalogDocument,
  type CatalogOptions,
  type CatalogReport,
  type Diagnostic,
  type JsonValue,
  checkCatalogFile,
  formatDiagnostics,
} from 'goldenpath';
import { errorsOf } from '../diagnostics';
import { diagnosticsOf, isMisspeltKind } from './diagnosticsOf';
import type { ReportMemory } from './ReportMemory';

/**
 * Reads catalogue files as Backstage's own parser does, and knows all errors of
 * a file and their places.
 *
 * @remarks
 *
 * Only what Backstage itself holds against the whole file is an error here. The
 * problems of a single entity are remembered for the processor, which rejects
 * that entity alone.
 */
export function createEntityDataParser(context: {
  options: CatalogOptions;
  memory: ReportMemory;
}): CatalogProcessorParser {
  return async function* goldenpathParser({ data, location }) {
    const file = { name: location.target, content: data };
    const report = checkCatalogFile(file, context.options);
    if (isRefused(report)) {
      yield processingResult.inputError(
        location,
        formatDiagnostics(errorsOf(diagnosticsOf(report)), [file]),
      );
      return;
    }
    context.memory.remember(location, file, report);
    for (const { entity } of report.documents) {
      yield processingResult.entity(location, entity as unknown as Entity);
    }
  };
}

function isRefused(report: CatalogReport): boolean {
  return (
    errorsOf(report.diagnostics).length > 0 || report.documents.some(isUnusable)
  );
}

/**
 * Backstage drops the whole file for such a document: it cannot read it, cannot
 * make an entity of it, or its rules for locations (`catalog.rules`) do not know
 * the kind.
 */
function isUnusable(document: CatalogDocument): boolean {
  const annotations = at(at(document.entity, 'metadata'), 'annotations');
  return (
    !document.hasEnvelope ||
    errorsOf(document.diagnostics).some(isOfFile) ||
    (Boolean(annotations) && !isMap(annotations))
  );
}

function isOfFile(diagnostic: Diagnostic): boolean {
  return diagnostic.code.startsWith('yaml/') || isMisspeltKind(diagnostic);
}

function at(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isMap(value) ? value[key] : undefined;
}

function isMap(
  value: JsonValue | undefined,
): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
