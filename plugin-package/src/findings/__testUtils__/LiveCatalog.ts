import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** A catalogue that can change, and that notes what is read of it. */
export class LiveCatalog {
  readonly #entities = new Map<string, Entity>();
  /** The refs of entities that were read in full. */
  readonly read: string[] = [];
  /** Which entities somebody is shown. */
  shows: (entity: Entity, credentials: BackstageCredentials) => boolean = () =>
    true;

  /** Adds a component, or `more` says what else. */
  put(
    name: string,
    spec: { owner?: unknown; [field: string]: unknown },
    more: Partial<Entity> = {},
  ) {
    const { kind = 'Component' } = more;
    const usual = { type: 'service', lifecycle: 'production' };
    const entity: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      ...more,
      kind,
      metadata: {
        name,
        etag: String(Math.random()),
        uid: name,
        ...more.metadata,
      },
      spec: { ...(kind === 'Component' && usual), ...spec } as Entity['spec'],
      relations: spec.owner
        ? [{ type: 'ownedBy', targetRef: `group:default/${spec.owner}` }]
        : [],
    };
    this.#entities.set(stringifyEntityRef(entity), entity);
  }

  remove(ref: string) {
    this.#entities.delete(ref);
  }

  readonly service = {
    streamEntities: async function* streamEntities(
      this: LiveCatalog,
      { fields, pageSize }: { fields?: string[]; pageSize: number },
    ) {
      const entities = [...this.#entities.values()];
      for (let start = 0; start < entities.length; start += pageSize) {
        const page = entities.slice(start, start + pageSize);
        if (!fields) {
          this.read.push(...page.map(stringifyEntityRef));
        }
        yield page;
      }
    }.bind(this),

    getEntitiesByRefs: async (
      { entityRefs, fields }: { entityRefs: string[]; fields?: string[] },
      { credentials }: { credentials: BackstageCredentials },
    ) => {
      if (!fields) {
        this.read.push(...entityRefs);
      }
      return {
        items: entityRefs.map(ref => {
          const entity = this.#entities.get(ref);
          return entity && this.shows(entity, credentials) ? entity : undefined;
        }),
      };
    },
  } as unknown as CatalogService;
}
