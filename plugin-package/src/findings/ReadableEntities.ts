import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';

/** Of refs, so many fit into one request. */
export const BATCH = 200;

/** Keeps of some refs those that may be read. */
export type OnlyReadable = (entityRefs: string[]) => Promise<Set<string>>;

/**
 * Knows which entities somebody may read.
 *
 * @remarks
 *
 * Where that depends on the entity, the catalogue is asked with their credentials, so that it
 * answers what it would show to them.
 */
export class ReadableEntities {
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  readonly #permissions: PermissionsService;

  constructor(context: {
    catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
    permissions: PermissionsService;
  }) {
    this.#catalog = context.catalog;
    this.#permissions = context.permissions;
  }

  /** The entities that these credentials may read. */
  async by(credentials: BackstageCredentials): Promise<OnlyReadable> {
    const [{ result }] = await this.#permissions.authorizeConditional(
      [{ permission: catalogEntityReadPermission }],
      { credentials },
    );
    switch (result) {
      case AuthorizeResult.ALLOW:
        return async refs => new Set(refs);
      case AuthorizeResult.CONDITIONAL:
        return refs => this.#shown(refs, credentials);
      default:
        return async () => new Set();
    }
  }

  async #shown(refs: string[], credentials: BackstageCredentials) {
    const shown = new Set<string>();
    for (let start = 0; start < refs.length; start += BATCH) {
      const entityRefs = refs.slice(start, start + BATCH);
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs, fields: ['kind'] },
        { credentials },
      );
      entityRefs.forEach((ref, index) => items[index] && shown.add(ref));
    }
    return shown;
  }
}
