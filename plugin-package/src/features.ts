import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';
import { catalogModuleGoldenpath } from './catalog';
import { goldenpathPlugin } from './http';
import { permissionModuleGoldenpath } from './permission';
import {
  scaffolderModuleGoldenpath,
  scaffolderModuleGoldenpathPolicy,
} from './scaffolder';

/**
 * All features of goldenpath.
 *
 * @remarks
 *
 * Backstage takes one permission policy only, so ours is installed, and answers over
 * HTTP and in templates, when `goldenpath.policy` is configured; a portal with a policy
 * of its own uses the rest. Modules of plugins that the backend does not have are left alone.
 *
 * @public
 */
export const goldenpathFeatures = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  *loader({ config }) {
    yield catalogModuleGoldenpath;
    yield scaffolderModuleGoldenpath;
    if (config.has('goldenpath.policy')) {
      yield permissionModuleGoldenpath;
      yield goldenpathPlugin;
      yield scaffolderModuleGoldenpathPolicy;
    }
  },
});
