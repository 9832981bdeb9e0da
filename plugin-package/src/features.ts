import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';
import { catalogModuleGoldenpath } from './catalog';
import { goldenpathModuleFindings } from './findings';
import { goldenpathPlugin } from './http';
import { goldenpathPluginWithoutPolicy } from './http/pluginWithoutPolicy';
import { goldenpathModuleModel } from './model';
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
 * of its own uses the rest. The catalogue is audited when `goldenpath.audit` is. Modules of
 * plugins that the backend does not have are left alone.
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
    } else {
      yield goldenpathPluginWithoutPolicy;
    }
    yield goldenpathModuleModel;
    if (config.has('goldenpath.audit')) {
      yield goldenpathModuleFindings;
    }
  },
});
