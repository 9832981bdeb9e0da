import { randomUUID } from 'node:crypto';
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import type { Policy } from 'goldenpath';
import { GOLDENPATH_DIRECTORY_TOPIC } from '../directoryChanged';
import { DirectoryRefresh } from './DirectoryRefresh';
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
    | 'authzen'
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
 * That plugin also lends its access to the catalogue, for users and groups, which are read
 * on a schedule, and when an event says that they have changed.
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
          events: eventsServiceRef,
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
        async factory(plugin, root) {
          const { policy, refresh } = root;
          if (!root.isRefreshed) {
            root.isRefreshed = true;
            const { auth, catalog, events, lifecycle, logger } = plugin;
            const directory = new DirectoryRefresh({
              read: async () =>
                policy.setDirectory(await readDirectory(catalog, auth)),
              logger,
            });
            lifecycle.addShutdownHook(() => directory.stop());
            await events.subscribe({
              // of its own for each process, as each has to hear of it
              id: `goldenpath-policy-${randomUUID()}`,
              topics: [GOLDENPATH_DIRECTORY_TOPIC],
              onEvent: async () => directory.soon(),
            });
            await plugin.scheduler.scheduleTask({
              ...refresh,
              id: 'goldenpath-policy-refresh',
              scope: 'local',
              async fn() {
                await policy.reload();
                await directory.now();
              },
            });
          }
          return policy;
        },
      }),
  });
