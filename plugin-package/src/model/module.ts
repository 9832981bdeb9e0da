import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import promiseRouter from 'express-promise-router';
import { describeModel } from './describeModel';
import { goldenpathCatalogModelServiceRef } from './goldenpathCatalogModelServiceRef';

/**
 * Answers what kinds the catalogue has, as JSON Schemas, at `/api/goldenpath/model`.
 *
 * @public
 */
export const goldenpathModuleModel = createBackendModule({
  pluginId: 'goldenpath',
  moduleId: 'model',
  register(reg) {
    reg.registerInit({
      deps: {
        holder: goldenpathCatalogModelServiceRef,
        httpRouter: coreServices.httpRouter,
      },
      async init({ holder, httpRouter }) {
        const router = promiseRouter();
        router.get('/model', async (_req, res) => {
          res.json(describeModel(await holder.model()));
        });
        httpRouter.use(router);
      },
    });
  },
});
