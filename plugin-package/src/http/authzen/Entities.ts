import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { AuthzenQuestions, JsonObject } from 'goldenpath';
import { badToken, limitOf, readToken, writeToken } from './pageOf';

/** Of the catalogue: so many are read with one request. */
const BATCH = 200;

/** Entities of the catalogue, as far as whoever asks may read them. */
export class Entities {
  readonly #catalog: CatalogService;

  constructor(catalog: CatalogService) {
    this.#catalog = catalog;
  }

  /** Entities by their refs; those that are not there are left out. */
  async get(
    refs: string[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, JsonObject>> {
    const entityRefs = [...new Set(refs)];
    const found = new Map<string, JsonObject>();
    for (let start = 0; start < entityRefs.length; start += BATCH) {
      const batch = entityRefs.slice(start, start + BATCH);
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: batch },
        { credentials },
      );
      batch.forEach((ref, index) => {
        const entity = items[index];
        if (entity) {
          found.set(ref, toJson(entity));
        }
      });
    }
    return found;
  }

  /**
   * One page of the entities that are wanted, by their refs.
   *
   * @remarks
   *
   * Reads from the catalogue only until the page is full, and one further result is
   * found: there is a next page if, and only if, it has a result.
   */
  async search(options: {
    filter: Record<string, string> | undefined;
    page: AuthzenQuestions['page'];
    credentials: BackstageCredentials;
    isWanted: (entities: JsonObject[]) => boolean[];
  }) {
    const { filter, page, credentials, isWanted } = options;
    const limit = limitOf(page);
    const results: string[] = [];
    let [cursor, skip] = readPosition(page?.token);
    do {
      const at = cursor;
      const { items, pageInfo } = await this.#catalog.queryEntities(
        at ? { cursor: at, limit: BATCH } : { filter, limit: BATCH },
        { credentials },
      );
      const wanted = isWanted(items.map(toJson));
      for (let index = skip; index < items.length; index += 1) {
        if (wanted[index]) {
          if (results.length === limit) {
            return toPage(results, writeToken([at, index]));
          }
          results.push(stringifyEntityRef(items[index]));
        }
      }
      cursor = pageInfo.nextCursor ?? '';
      skip = 0;
    } while (cursor);
    return toPage(results, '');
  }
}

function toPage(results: string[], next_token: string) {
  return { results, page: { next_token, count: results.length } };
}

/** A cursor of the catalogue, and how many entities behind it were looked at. */
function readPosition(token: string | undefined): [string, number] {
  if (!token) {
    return ['', 0];
  }
  const position = readToken(token);
  if (
    !Array.isArray(position) ||
    typeof position[0] !== 'string' ||
    !Number.isSafeInteger(position[1])
  ) {
    throw badToken();
  }
  return [position[0], position[1]];
}

function toJson(entity: Entity): JsonObject {
  return entity as object as JsonObject;
}
