import type { AuthService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { permissionRules } from '@backstage/plugin-catalog-backend/alpha';
import type {
  CatalogService,
  EntitiesSearchFilter,
} from '@backstage/plugin-catalog-node';
import { createPermissionResourceRef } from '@backstage/plugin-permission-node';
import { isEnvironment } from 'goldenpath';
import {
  RESOURCE_TYPE_ENVIRONMENT,
  goldenpathEnvironmentApprovePermission,
  goldenpathEnvironmentDestroyPermission,
  goldenpathEnvironmentExtendPermission,
} from './permissions';

const resourceRef = createPermissionResourceRef<
  Entity,
  EntitiesSearchFilter
>().with({ pluginId: 'goldenpath', resourceType: RESOURCE_TYPE_ENVIRONMENT });

/**
 * Environments for Backstage's permissions registry.
 *
 * @remarks
 *
 * They are entities of the catalogue, referred to as there, and the catalogue's own
 * rules are applied to them. What is no environment is nothing, so that no condition
 * on it holds.
 */
export function createEnvironmentResourceType(services: {
  auth: AuthService;
  catalog: CatalogService;
}) {
  const { auth, catalog } = services;
  return {
    resourceRef,
    permissions: [
      goldenpathEnvironmentApprovePermission,
      goldenpathEnvironmentExtendPermission,
      goldenpathEnvironmentDestroyPermission,
    ],
    rules: Object.values(permissionRules).map(rule => ({
      ...rule,
      resourceRef,
      resourceType: resourceRef.resourceType,
    })),
    async getResources(entityRefs: string[]) {
      const { items } = await catalog.getEntitiesByRefs(
        { entityRefs },
        { credentials: await auth.getOwnServiceCredentials() },
      );
      return items.map(entity =>
        entity && isEnvironment(entity) ? entity : undefined,
      );
    },
  };
}
