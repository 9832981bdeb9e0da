import type { Router } from 'express';
import promiseRouter from 'express-promise-router';

/** Where AuthZEN has the configuration, before the path of the decision point. */
export const WELL_KNOWN = '/.well-known/authzen-configuration';

/** Tells everybody where the AuthZEN API of a decision point is. */
export function createDiscoveryRouter(decisionPoint: string): Router {
  const api = `${decisionPoint}/access/v1`;
  const router = promiseRouter();
  router.get('/', (_, res) => {
    res.set('cache-control', 'public, max-age=3600').json({
      policy_decision_point: decisionPoint,
      access_evaluation_endpoint: `${api}/evaluation`,
      access_evaluations_endpoint: `${api}/evaluations`,
      search_subject_endpoint: `${api}/search/subject`,
      search_resource_endpoint: `${api}/search/resource`,
      search_action_endpoint: `${api}/search/action`,
    });
  });
  return router;
}
