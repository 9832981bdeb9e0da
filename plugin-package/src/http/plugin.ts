import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import promiseRouter from 'express-promise-router';
import { goldenpathPolicyServiceRef } from '../policy';
import { Asker, policyReadPermission } from './Asker';
import { Entities } from './authzen/Entities';
import { createAuthzenRouter } from './authzen/createAuthzenRouter';
import {
  WELL_KNOWN,
  createDiscoveryRouter,
} from './authzen/createDiscoveryRouter';
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
        catalog: catalogServiceRef,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        policy: goldenpathPolicyServiceRef,
        rootHttpRouter: coreServices.rootHttpRouter,
        userInfo: coreServices.userInfo,
      },
      async init({ policy, ...services }) {
        const { catalog, discovery, httpRouter, rootHttpRouter } = services;
        services.permissionsRegistry.addPermissions([policyReadPermission]);
        const asker = new Asker(services);
        const entities = new Entities(catalog);
        const router = promiseRouter();
        router.use(
          '/access/v1',
          createAuthzenRouter({ policy, asker, entities }),
        );
        router.use(createRouter({ policy, asker }));
        httpRouter.use(router);

        // the specification has it at the root, but not everybody gets there
        const url = await discovery.getExternalBaseUrl('goldenpath');
        const configuration = createDiscoveryRouter(url);
        const { pathname } = new URL(url);
        rootHttpRouter.use(`${WELL_KNOWN}${pathname}`, configuration);
        httpRouter.use(promiseRouter().use(WELL_KNOWN, configuration));
        httpRouter.addAuthPolicy({
          path: WELL_KNOWN,
          allow: 'unauthenticated',
        });
      },
    });
  },
});
