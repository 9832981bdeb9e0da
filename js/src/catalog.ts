import { bytes } from './bytes';
import { call } from './load';
import type {
  CatalogOptions,
  CatalogReport,
  JsonValue,
  Repository,
  SourceFile,
} from './types';

/**
 * Checks a catalogue file: all problems of all its documents, with their places. With its repository,
 * placeholders such as `$text` are resolved and what they read is checked; else they are left open.
 */
export function checkCatalogFile(
  { name, content }: SourceFile,
  options: CatalogOptions = {},
  repository?: Repository,
): CatalogReport {
  const wishes = JSON.stringify(options);
  return call('checkCatalogFile', ({ core }) =>
    JSON.parse(
      repository
        ? core.checkCatalogFileIn(
            name,
            bytes(content),
            wishes,
            whereabouts(repository),
            repository.read,
          )
        : core.checkCatalogFile(name, bytes(content), wishes),
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

export function whereabouts({ path, url }: Repository): string {
  return JSON.stringify({ path, url });
}
