import { bytes } from './bytes';
import { call } from './load';
import type {
  CatalogOptions,
  CatalogReport,
  JsonValue,
  SourceFile,
} from './types';

/** Checks a catalogue file: all problems of all its documents, with their places. */
export function checkCatalogFile(
  file: SourceFile,
  options: CatalogOptions = {},
): CatalogReport {
  return call('checkCatalogFile', ({ core }) =>
    JSON.parse(
      core.checkCatalogFile(
        file.name,
        bytes(file.content),
        JSON.stringify(withNow(options)),
      ),
    ),
  );
}

/** Checks an entity that is no longer a text. Places refer to the YAML that {@link entityYaml} gives. */
export function checkEntity(
  name: string,
  entity: object,
  options: CatalogOptions = {},
): CatalogReport {
  return call('checkEntity', ({ core }) =>
    JSON.parse(
      core.checkEntity(
        name,
        JSON.stringify(entity),
        JSON.stringify(withNow(options)),
      ),
    ),
  );
}

/** An entity as YAML. */
export function entityYaml(entity: JsonValue | object): string {
  return call('entityYaml', ({ core }) =>
    core.entityYaml(JSON.stringify(entity)),
  );
}

/** The core has no clock. To the minute, so that it knows the options again. */
export function withNow(options: CatalogOptions): CatalogOptions {
  if (!options.organisation?.length || options.now !== undefined) {
    return options;
  }
  return { ...options, now: `${new Date().toISOString().slice(0, 16)}Z` };
}
