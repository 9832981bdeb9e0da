import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import promiseRouter from 'express-promise-router';
import { readCatalogOptions } from '../catalog/readCatalogOptions';
import { CatalogAudit } from './CatalogAudit';
import { ReadableEntities } from './ReadableEntities';
import { createFindingsRouter } from './createFindingsRouter';
import { readAuditOptions } from './readAuditOptions';

/**
 * Audits the live catalogue, and answers what it has found at `/api/goldenpath/findings`.
 *
 * @public
 */
export const goldenpathModuleFindings = createBackendModule({
  pluginId: 'goldenpath',
  moduleId: 'findings',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        scheduler: coreServices.scheduler,
      },
      async init({ config, httpRouter, logger, scheduler, ...services }) {
        const { parser: _, ...options } = readCatalogOptions(config);
        const audit = new CatalogAudit({ ...services, options });
        const readable = new ReadableEntities(services);
        httpRouter.use(
          promiseRouter().use(
            '/findings',
            createFindingsRouter({ ...services, audit, readable }),
          ),
        );
        await scheduler.scheduleTask({
          ...readAuditOptions(config),
          id: 'goldenpath-catalog-audit',
          // each process answers from what it has found
          scope: 'local',
          async fn(signal) {
            const { judged, touched, entities, took } = await audit.run(signal);
            if (judged > 0 || touched > 0) {
              logger.info(
                `${judged} of ${entities} entities judged, and the references of ${touched}, in ${took} ms`,
              );
            }
          },
        });
      },
    });
  },
});
