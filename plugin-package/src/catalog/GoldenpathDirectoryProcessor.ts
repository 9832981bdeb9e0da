import { createHash } from 'node:crypto';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type {
  CatalogProcessor,
  CatalogProcessorCache,
  CatalogProcessorEmit,
} from '@backstage/plugin-catalog-node';
import type { DirectoryChanges } from './DirectoryChanges';

/**
 * Notices that a user or a group belongs elsewhere than when it was last processed.
 *
 * @remarks
 *
 * What it was then is in the catalogue's cache of the entity: no look at others, and
 * no news after a restart.
 */
export class GoldenpathDirectoryProcessor implements CatalogProcessor {
  readonly #changes: Pick<DirectoryChanges, 'note'>;

  constructor(context: { changes: Pick<DirectoryChanges, 'note'> }) {
    this.#changes = context.changes;
  }

  getProcessorName(): string {
    return 'GoldenpathDirectoryProcessor';
  }

  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    _emit: CatalogProcessorEmit,
    cache: CatalogProcessorCache,
  ): Promise<Entity> {
    const membership = membershipOf(entity);
    if (membership) {
      const hash = createHash('sha256')
        .update(JSON.stringify(membership))
        .digest('base64');
      if ((await cache.get<string>('membership')) !== hash) {
        await cache.set('membership', hash);
        this.#changes.note(stringifyEntityRef(entity));
      }
    }
    return entity;
  }
}

/** What says who belongs where; nothing unless it is a user or a group. */
function membershipOf({ kind, spec = {} }: Entity): unknown {
  switch (kind.toLocaleLowerCase('en-US')) {
    case 'user':
      return [spec.memberOf];
    case 'group':
      return [spec.parent, spec.children, spec.members];
    default:
      return undefined;
  }
}
