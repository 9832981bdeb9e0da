import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { Request, Router } from 'express';
import promiseRouter from 'express-promise-router';
import type { CatalogAudit } from './CatalogAudit';
import { readQuery } from './FindingsQuery';
import type { ReadableEntities } from './ReadableEntities';
import { entitiesPage, findingsPage, ownersPage } from './pages';

/** Answers what the last audit has found, of the entities that whoever asks may read. */
export function createFindingsRouter(context: {
  audit: Pick<CatalogAudit, 'entities' | 'last'>;
  httpAuth: HttpAuthService;
  readable: Pick<ReadableEntities, 'by'>;
}): Router {
  const { audit, httpAuth, readable } = context;
  const router = promiseRouter();

  const serve = (
    path: string,
    parameters: string[],
    pageOf: typeof findingsPage | typeof entitiesPage | typeof ownersPage,
  ) =>
    router.get(path, async (req, res) => {
      const onlyReadable = await readableBy(req);
      const query = readQuery(req, parameters);
      const { last } = audit;
      if (!last) {
        throw new ServiceUnavailableError(
          'the catalogue is being audited for the first time, ask again soon',
        );
      }
      const { items, nextCursor } = await pageOf(
        audit.entities,
        query,
        onlyReadable,
      );
      res.json({ items, pageInfo: { nextCursor }, audit: ageOf(last.asOf) });
    });

  serve('/', ['entityRef', 'owner', 'code', 'severity'], findingsPage);
  serve('/entities', ['entityRef', 'owner'], entitiesPage);
  serve('/owners', ['owner'], ownersPage);

  async function readableBy(req: Request) {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    return readable.by(credentials);
  }

  return router;
}

function ageOf(asOf: Date) {
  return {
    asOf: asOf.toISOString(),
    ageSeconds: Math.floor((Date.now() - asOf.getTime()) / 1000),
  };
}
