import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { goldenpathPolicyServiceRef } from '../policy';
import { readPolicyOptions } from '../policy/readPolicyOptions';
import { DecisionAudit } from './DecisionAudit';
import { GoldenpathPolicy } from './GoldenpathPolicy';
import {
  InnerPolicySlot,
  goldenpathInnerPolicyExtensionPoint,
} from './innerPolicy';

/**
 * Decides permissions from the policy files of `goldenpath.policy.files`, and has an
 * inner policy decide what they do not cover, if {@link goldenpathInnerPolicyExtensionPoint}
 * was given one.
 *
 * @public
 */
export const permissionModuleGoldenpath = createBackendModule({
  pluginId: 'permission',
  moduleId: 'goldenpath',
  register(reg) {
    const inner = new InnerPolicySlot();
    reg.registerExtensionPoint(goldenpathInnerPolicyExtensionPoint, inner);
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
          new GoldenpathPolicy({
            policy,
            inner: inner.policy,
            audit,
            userInfo,
            logger,
          }),
        );
      },
    });
  },
});
