import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import promiseRouter from 'express-promise-router';
import {
  goldenpathEnvironmentCreatePermission,
  goldenpathPlatformApplyPermission,
  goldenpathPlatformApprovePermission,
  goldenpathPlatformPlanPermission,
  goldenpathPolicyReadPermission,
  goldenpathServiceCreatePermission,
} from '../environment';
import { createEnvironmentResourceType } from '../environment/createEnvironmentResourceType';
import { goldenpathPolicyServiceRef } from '../policy';
import { readPolicyOptions } from '../policy/readPolicyOptions';
import { Asker } from './Asker';
import { QuestionAudit } from './QuestionAudit';
import { Entities } from './authzen/Entities';
import { createAuthzenRouter } from './authzen/createAuthzenRouter';
import {
  WELL_KNOWN,
  createDiscoveryRouter,
} from './authzen/createDiscoveryRouter';
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
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        policy: goldenpathPolicyServiceRef,
        rootHttpRouter: coreServices.rootHttpRouter,
        userInfo: coreServices.userInfo,
      },
      async init({ policy, ...services }) {
        const { catalog, config, discovery, httpRouter, rootHttpRouter } =
          services;
        const { auditReads } = readPolicyOptions(config);
        services.permissionsRegistry.addPermissions([
          goldenpathEnvironmentCreatePermission,
          goldenpathServiceCreatePermission,
          goldenpathPlatformPlanPermission,
          goldenpathPlatformApplyPermission,
          goldenpathPlatformApprovePermission,
          goldenpathPolicyReadPermission,
        ]);
        services.permissionsRegistry.addResourceType(
          createEnvironmentResourceType(services),
        );
        const asker = new Asker(services);
        const audit = new QuestionAudit({ ...services, auditReads, policy });
        const entities = new Entities(catalog);
        const router = promiseRouter();
        router.use(
          '/access/v1',
          createAuthzenRouter({ policy, asker, audit, entities }),
        );
        router.use(createRouter({ policy, asker, audit }));
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
