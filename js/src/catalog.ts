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
        JSON.stringify(options),
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
      core.checkEntity(name, JSON.stringify(entity), JSON.stringify(options)),
    ),
  );
}

/** An entity as YAML. */
export function entityYaml(entity: JsonValue | object): string {
  return call('entityYaml', ({ core }) =>
    core.entityYaml(JSON.stringify(entity)),
  );
}
