import type { AuthService } from '@backstage/backend-plugin-api';
import {
  type Entity,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Directory } from 'goldenpath';

/** Reads all users and groups of the catalogue and who belongs where. */
export async function readDirectory(
  catalog: CatalogService,
  auth: AuthService,
): Promise<Directory> {
  const asOf = new Date().toISOString();
  const directory: Directory = { asOf, users: [], groups: [] };
  const pages = catalog.streamEntities(
    {
      filter: { kind: ['User', 'Group'] },
      fields: ['kind', 'metadata.name', 'metadata.namespace', 'relations'],
    },
    { credentials: await auth.getOwnServiceCredentials() },
  );
  for await (const page of pages) {
    for (const entity of page) {
      addTo(directory, entity);
    }
  }
  return directory;
}

function addTo(directory: Directory, entity: Entity) {
  const ref = stringifyEntityRef(entity);
  if (entity.kind.toLocaleLowerCase('en-US') === 'user') {
    directory.users.push({
      ref,
      memberOf: targets(entity, RELATION_MEMBER_OF),
    });
  } else {
    const [parent] = targets(entity, RELATION_CHILD_OF);
    directory.groups.push({ ref, parent });
  }
}

function targets(entity: Entity, type: string): string[] {
  return (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(({ targetRef }) => targetRef);
}
