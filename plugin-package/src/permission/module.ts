import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { DecisionAudit } from './DecisionAudit';
import { GoldenpathPolicy } from './GoldenpathPolicy';
import { LivePolicy } from './LivePolicy';
import { watchPolicyFiles } from './policyFiles';
import { readDirectory } from './readDirectory';
import { readPolicyOptions } from './readPolicyOptions';

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
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permission: policyExtensionPoint,
        scheduler: coreServices.scheduler,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auth, catalog, lifecycle, logger, scheduler, userInfo } = deps;
        const options = readPolicyOptions(deps.config);
        const policy = await LivePolicy.load({ ...options, logger });
        const audit = new DecisionAudit({
          auditor: deps.auditor,
          logger,
          auditReads: options.auditReads,
        });
        deps.permission.setPolicy(
          new GoldenpathPolicy({ policy, audit, userInfo, logger }),
        );

        const stopWatching = watchPolicyFiles({
          patterns: options.files,
          logger,
          onChange: () => policy.reload(),
        });
        lifecycle.addShutdownHook(stopWatching);
        await scheduler.scheduleTask({
          ...options.refresh,
          id: 'goldenpath-policy-refresh',
          scope: 'local',
          async fn() {
            await policy.reload();
            policy.setDirectory(await readDirectory(catalog, auth));
          },
        });
      },
    });
  },
});
