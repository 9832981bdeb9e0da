import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { CatalogModelHolder } from './CatalogModelHolder';

/** One for the backend: the module of the catalogue fills it, and our plugin answers from it. */
export const goldenpathCatalogModelServiceRef =
  createServiceRef<CatalogModelHolder>({
    id: 'goldenpath.catalog-model',
    scope: 'root',
    defaultFactory: async service =>
      createServiceFactory({
        service,
        deps: {},
        factory: () => new CatalogModelHolder(),
      }),
  });
