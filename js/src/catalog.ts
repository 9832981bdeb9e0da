import { bytes } from './bytes';
import { call } from './load';
import type {
  CatalogFixes,
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
  const wishes = JSON.stringify(withNow(options));
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

/**
 * Applies those fixes of a catalogue file that are certain, in rounds, and changes nothing else of it:
 * comments, line breaks and a byte order mark stay. Without fewer problems in the end, the file stays as it is.
 */
export function fixCatalogFile(
  { name, content }: SourceFile,
  options: CatalogOptions = {},
  repository: Repository = alone,
): CatalogFixes {
  return call('fixCatalogFile', ({ core }) =>
    JSON.parse(
      core.fixCatalogFile(
        name,
        bytes(content),
        JSON.stringify(options),
        whereabouts(repository),
        repository.read,
      ),
    ),
  );
}

/** What changed in a text, as `diff -u` shows it; empty if nothing did. */
export function unifiedDiff(
  name: string,
  before: string,
  after: string,
): string {
  return call('unifiedDiff', ({ core }) =>
    core.unifiedDiff(name, before, after),
  );
}

/** A file of which nobody knows what is beside it. */
const alone: Repository = {
  path: 'catalog-info.yaml',
  read: () => ({ failure: 'its repository is not known' }),
};

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

export function whereabouts({ path, url }: Repository): string {
  return JSON.stringify({ path, url });
}
