import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import type { Policy } from 'goldenpath';
import { LivePolicy } from './LivePolicy';
import { watchPolicyFiles } from './policyFiles';
import { readDirectory } from './readDirectory';
import { readPolicyOptions } from './readPolicyOptions';

/**
 * The policy of `goldenpath.policy`, as it is in effect.
 *
 * @public
 */
export interface GoldenpathPolicyService
  extends Pick<
    Policy,
    | 'decide'
    | 'decideBatch'
    | 'check'
    | 'covers'
    | 'explain'
    | 'whoCan'
    | 'whatCan'
    | 'permissions'
    | 'lint'
  > {
  /** A hash of the files that it was read from. */
  readonly version: string;
}

/**
 * The policy of `goldenpath.policy`: one for all plugins of a backend.
 *
 * @remarks
 *
 * Its files are read when a plugin first asks for it, and followed from then on.
 * That plugin also lends its access to the catalogue, for users and groups.
 *
 * @public
 */
export const goldenpathPolicyServiceRef =
  createServiceRef<GoldenpathPolicyService>({
    id: 'goldenpath.policy',
    scope: 'plugin',
    defaultFactory: async service =>
      createServiceFactory({
        service,
        deps: {
          auth: coreServices.auth,
          catalog: catalogServiceRef,
          config: coreServices.rootConfig,
          lifecycle: coreServices.rootLifecycle,
          logger: coreServices.rootLogger,
          scheduler: coreServices.scheduler,
        },
        async createRootContext({ config, lifecycle, logger }) {
          const options = readPolicyOptions(config);
          const policy = await LivePolicy.load({ ...options, logger });
          const stopWatching = watchPolicyFiles({
            patterns: options.files,
            logger,
            onChange: () => policy.reload(),
          });
          lifecycle.addShutdownHook(stopWatching);
          return { policy, refresh: options.refresh, isRefreshed: false };
        },
        async factory({ auth, catalog, scheduler }, root) {
          const { policy, refresh } = root;
          if (!root.isRefreshed) {
            root.isRefreshed = true;
            await scheduler.scheduleTask({
              ...refresh,
              id: 'goldenpath-policy-refresh',
              scope: 'local',
              async fn() {
                await policy.reload();
                policy.setDirectory(await readDirectory(catalog, auth));
              },
            });
          }
          return policy;
        },
      }),
  });
