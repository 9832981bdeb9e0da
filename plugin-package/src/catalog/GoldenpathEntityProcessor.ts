import type { LoggerService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  type CatalogProcessor,
  type CatalogProcessorCache,
  type CatalogProcessorEmit,
  processingResult,
} from '@backstage/plugin-catalog-node';
import {
  type CatalogOptions,
  type Diagnostic,
  type SourceFile,
  checkEntity,
  entityYaml,
  formatDiagnostics,
} from 'goldenpath';
import { errorsOf, warningsOf } from '../diagnostics';
import { diagnosticsOf } from './diagnosticsOf';
import type { ReportMemory } from './ReportMemory';

/** Errors that are reported one by one; a text that is full of them gets one report for the rest. */
const SINGLE_ERRORS = 20;

/** Rejects an invalid entity with all its errors; warnings are logged and never block. */
export class GoldenpathEntityProcessor implements CatalogProcessor {
  readonly #options: CatalogOptions;
  readonly #memory: ReportMemory;
  readonly #logger: LoggerService;

  constructor(context: {
    options: CatalogOptions;
    memory: ReportMemory;
    logger: LoggerService;
  }) {
    this.#options = context.options;
    this.#memory = context.memory;
    this.#logger = context.logger;
  }

  getProcessorName() {
    return 'GoldenpathEntityProcessor';
  }

  /** After the usual 20, so that placeholders are resolved and defaults are set. */
  getPriority() {
    return 100;
  }

  /** Kinds that are configured here need no other processor; their errors are found before. */
  async validateEntityKind({ apiVersion, kind }: Entity): Promise<boolean> {
    const { kinds = [] } = this.#options;
    return kinds.some(
      known =>
        known.kind === kind && [known.apiVersion].flat().includes(apiVersion),
    );
  }

  async preProcessEntity(
    entity: Entity,
    location: LocationSpec,
    emit: CatalogProcessorEmit,
    _originLocation: LocationSpec,
    cache: CatalogProcessorCache,
  ): Promise<Entity> {
    const entityRef = stringifyEntityRef(entity);
    const report = checkEntity(entityRef, entity, this.#options);
    const { diagnostics, file } = this.#memory.relocate(
      location,
      entityRef,
      diagnosticsOf(report),
    );
    const files = sources(entityRef, entity, diagnostics, file);
    for (const errors of singly(errorsOf(diagnostics))) {
      emit(
        processingResult.inputError(location, formatDiagnostics(errors, files)),
      );
    }
    const warnings = warningsOf(diagnostics);
    await this.#logOnce(
      warnings.length > 0
        ? `${entityRef} has warnings\n${formatDiagnostics(warnings, files)}`
        : '',
      cache,
    );
    return entity;
  }

  /** Entities are processed every few minutes, their warnings are news only once. */
  async #logOnce(text: string, cache: CatalogProcessorCache) {
    const logged = (await cache.get<string>('logged')) ?? '';
    if (text === logged) {
      return;
    }
    await cache.set('logged', text);
    if (text) {
      this.#logger.warn(text);
    }
  }
}

function singly(errors: Diagnostic[]): Diagnostic[][] {
  const single = errors.slice(0, SINGLE_ERRORS).map(error => [error]);
  const rest = errors.slice(SINGLE_ERRORS);
  return rest.length > 0 ? [...single, rest] : single;
}

/** The files that the frames are cut from: the real one, and for the rest the entity as YAML. */
function sources(
  entityRef: string,
  entity: Entity,
  diagnostics: Diagnostic[],
  file: SourceFile | undefined,
): SourceFile[] {
  const files = file ? [file] : [];
  if (diagnostics.some(diagnostic => diagnostic.file === entityRef)) {
    files.push({ name: entityRef, content: entityYaml(entity) });
  }
  return files;
}
