import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { readCatalogOptions } from '../catalog/readCatalogOptions';
import { createRenderTemplateAction } from './actions/renderTemplate';
import { createUpgradeTemplateAction } from './actions/upgradeTemplate';
import { createValidateCatalogAction } from './actions/validateCatalog';

/**
 * Actions that render golden-path templates and check what they made.
 *
 * @public
 */
export const scaffolderModuleGoldenpath = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'goldenpath',
  register(reg) {
    reg.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        config: coreServices.rootConfig,
        reader: coreServices.urlReader,
      },
      async init({ actions, config, reader }) {
        const { parser: _, ...catalogOptions } = readCatalogOptions(config);
        const integrations = ScmIntegrations.fromConfig(config);
        const requireScmUserCredentials = config.getOptionalBoolean(
          'scaffolder.requireScmUserCredentials',
        );
        actions.addActions(
          createRenderTemplateAction({
            reader,
            integrations,
            requireScmUserCredentials,
          }),
          createUpgradeTemplateAction({
            reader,
            integrations,
            requireScmUserCredentials,
          }),
          createValidateCatalogAction(catalogOptions),
        );
      },
    });
  },
});
