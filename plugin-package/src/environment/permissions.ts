import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/** The type of resource that permissions on environments are about. */
export const RESOURCE_TYPE_ENVIRONMENT = 'goldenpath-environment';

/**
 * To create an environment.
 *
 * @public
 */
export const goldenpathEnvironmentCreatePermission = createPermission({
  name: 'goldenpath.environment.create',
  attributes: { action: 'create' },
});

/**
 * To consent to what others want to do to an environment.
 *
 * @public
 */
export const goldenpathEnvironmentApprovePermission = createPermission({
  name: 'goldenpath.environment.approve',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/**
 * To let an environment live longer.
 *
 * @public
 */
export const goldenpathEnvironmentExtendPermission = createPermission({
  name: 'goldenpath.environment.extend',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/**
 * To destroy an environment.
 *
 * @public
 */
export const goldenpathEnvironmentDestroyPermission = createPermission({
  name: 'goldenpath.environment.destroy',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_ENVIRONMENT,
});

/**
 * To create a service.
 *
 * @public
 */
export const goldenpathServiceCreatePermission = createPermission({
  name: 'goldenpath.service.create',
  attributes: { action: 'create' },
});

/**
 * To see what Terraform would change of an entity in the catalogue: asked for by `goldenpath atlantis-authz`.
 *
 * @public
 */
export const goldenpathPlatformPlanPermission = createPermission({
  name: 'goldenpath.platform.plan',
  attributes: {},
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * To let Terraform change what an entity in the catalogue stands for: asked for by `goldenpath atlantis-authz`.
 *
 * @public
 */
export const goldenpathPlatformApplyPermission = createPermission({
  name: 'goldenpath.platform.apply',
  attributes: {},
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * To let a plan pass that the policy checks of Atlantis refuse: asked for by `goldenpath atlantis-authz`.
 *
 * @public
 */
export const goldenpathPlatformApprovePermission = createPermission({
  name: 'goldenpath.platform.approve',
  attributes: {},
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * To ask the policy about others than oneself.
 *
 * @public
 */
export const goldenpathPolicyReadPermission = createPermission({
  name: 'goldenpath.policy.read',
  attributes: { action: 'read' },
});
