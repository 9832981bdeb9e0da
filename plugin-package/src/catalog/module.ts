import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { catalogModelExtensionPoint } from '@backstage/plugin-catalog-node/alpha';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { goldenpathCatalogModelServiceRef } from '../model/goldenpathCatalogModelServiceRef';
import { DirectoryChanges } from './DirectoryChanges';
import { createEntityDataParser } from './createEntityDataParser';
import { GoldenpathDirectoryProcessor } from './GoldenpathDirectoryProcessor';
import { GoldenpathEntityProcessor } from './GoldenpathEntityProcessor';
import { readCatalogOptions } from './readCatalogOptions';
import { ReportMemory } from './ReportMemory';

/**
 * Rejects invalid entities at ingestion, with all their errors, and tells other plugins
 * of changed users and groups.
 *
 * @public
 */
export const catalogModuleGoldenpath = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'goldenpath',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        holder: goldenpathCatalogModelServiceRef,
        events: eventsServiceRef,
        logger: coreServices.logger,
        model: catalogModelExtensionPoint,
        processing: catalogProcessingExtensionPoint,
      },
      async init({ config, events, holder, logger, model, processing }) {
        holder.follow(model);
        const { parser, ...options } = readCatalogOptions(config);
        const memory = new ReportMemory();
        if (parser) {
          model.setEntityDataParser(
            createEntityDataParser({ options, memory }),
          );
        }
        processing.addProcessor(
          new GoldenpathEntityProcessor({ options, memory, logger }),
          new GoldenpathDirectoryProcessor({
            changes: new DirectoryChanges({ events, logger }),
          }),
        );
      },
    });
  },
});
