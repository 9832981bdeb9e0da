import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import {
  goldenpathEnvironmentCreatePermission,
  goldenpathPolicyReadPermission,
  goldenpathServiceCreatePermission,
} from '../environment';
import { createEnvironmentResourceType } from '../environment/createEnvironmentResourceType';
import { goldenpathPolicyServiceRef } from '../policy';
import { Asker } from './Asker';
import { createRouter } from './createRouter';

/**
 * Answers questions about the policy over HTTP, at `/api/goldenpath`, and owns the
 * permissions of goldenpath.
 *
 * @public
 */
export const goldenpathPlugin = createBackendPlugin({
  pluginId: 'goldenpath',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        policy: goldenpathPolicyServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { httpRouter, permissionsRegistry, policy, ...services } = deps;
        permissionsRegistry.addPermissions([
          goldenpathEnvironmentCreatePermission,
          goldenpathServiceCreatePermission,
          goldenpathPolicyReadPermission,
        ]);
        permissionsRegistry.addResourceType(
          createEnvironmentResourceType(services),
        );
        httpRouter.use(createRouter({ policy, asker: new Asker(services) }));
      },
    });
  },
});
