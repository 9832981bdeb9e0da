import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { goldenpathPolicyServiceRef } from '../policy';
import { Asker, policyReadPermission } from './Asker';
import { createRouter } from './createRouter';

/**
 * Answers questions about the policy over HTTP, at `/api/goldenpath`.
 *
 * @public
 */
export const goldenpathPlugin = createBackendPlugin({
  pluginId: 'goldenpath',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        policy: goldenpathPolicyServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init({ httpRouter, permissionsRegistry, policy, ...services }) {
        permissionsRegistry.addPermissions([policyReadPermission]);
        httpRouter.use(createRouter({ policy, asker: new Asker(services) }));
      },
    });
  },
});
