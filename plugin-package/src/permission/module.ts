import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { goldenpathPolicyServiceRef } from '../policy';
import { DecisionAudit } from './DecisionAudit';
import { GoldenpathPolicy } from './GoldenpathPolicy';
import { readPolicyOptions } from '../policy/readPolicyOptions';

/**
 * Decides permissions from the policy files of `goldenpath.policy.files`.
 *
 * @public
 */
export const permissionModuleGoldenpath = createBackendModule({
  pluginId: 'permission',
  moduleId: 'goldenpath',
  register(reg) {
    reg.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        permission: policyExtensionPoint,
        policy: goldenpathPolicyServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init({ auditor, config, logger, permission, policy, userInfo }) {
        const { auditReads } = readPolicyOptions(config);
        const audit = new DecisionAudit({ auditor, logger, auditReads });
        permission.setPolicy(
          new GoldenpathPolicy({ policy, audit, userInfo, logger }),
        );
      },
    });
  },
});
