import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { goldenpathPolicyServiceRef } from '../policy';
import { CheckAudit } from './CheckAudit';
import { createPolicyCheckAction } from './actions/policyCheck';

/**
 * The action that asks the policy; apart from the others, as it needs `goldenpath.policy`.
 *
 * @public
 */
export const scaffolderModuleGoldenpathPolicy = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'goldenpath-policy',
  register(reg) {
    reg.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        logger: coreServices.logger,
        policy: goldenpathPolicyServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init({ actions, ...services }) {
        const audit = new CheckAudit(services);
        actions.addActions(createPolicyCheckAction({ ...services, audit }));
      },
    });
  },
});
