import type { Entity } from '@backstage/catalog-model';
import {
  type CatalogProcessorParser,
  processingResult,
} from '@backstage/plugin-catalog-node';
import {
  type CatalogDocument,
  type CatalogOptions,
  type CatalogReport,
  type JsonValue,
  checkCatalogFile,
  formatDiagnostics,
} from 'goldenpath';
import { allOf, errorsOf } from '../diagnostics';
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
        formatDiagnostics(errorsOf(allOf(report)), [file]),
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

/** Backstage cannot make an entity of such a document, and so drops its file. */
function isUnusable(document: CatalogDocument): boolean {
  if (!document.hasEnvelope) {
    return true;
  }
  const annotations = at(at(document.entity, 'metadata'), 'annotations');
  return Boolean(annotations) && !isMap(annotations);
}

function at(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isMap(value) ? value[key] : undefined;
}

function isMap(
  value: JsonValue | undefined,
): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
