import { mockCredentials } from '@backstage/backend-test-utils';
import {
  alice,
  read,
  record,
  useDecisionPoint,
} from './__testUtils__/useDecisionPoint';

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('the AuthZEN API', () => {
  const { url, send } = useDecisionPoint();

  describe('rights', () => {
    const user = { authorization: mockCredentials.user.header() };
    const self = { type: 'user', id: 'user:default/mock' };

    it('lets users ask about themselves', async () => {
      for (const [path, body] of [
        ['evaluation', { subject: self, action: read, resource: record }],
        ['search/action', { subject: self, resource: record }],
        [
          'search/resource',
          { subject: self, action: read, resource: { type: 'record' } },
        ],
      ] as const) {
        expect((await send(path, body, user, 'DENY')).status).toBe(200);
      }
    });

    it('lets nobody ask about others without permission', async () => {
      for (const [path, body] of [
        ['evaluation', { subject: alice, action: read, resource: record }],
        [
          'evaluations',
          {
            action: read,
            resource: record,
            evaluations: [{ subject: self }, { subject: alice }],
          },
        ],
        ['search/action', { subject: alice, resource: record }],
        [
          'search/subject',
          { subject: { type: 'user' }, action: read, resource: record },
        ],
        [
          'search/resource',
          { subject: alice, action: read, resource: { type: 'record' } },
        ],
      ] as const) {
        expect((await send(path, body, user, 'DENY')).status).toBe(403);
        const none = { authorization: mockCredentials.none.header() };
        expect((await send(path, body, none)).status).toBe(401);
      }
    });
  });

  describe('discovery', () => {
    it.each([
      '/.well-known/authzen-configuration/api/goldenpath',
      '/api/goldenpath/.well-known/authzen-configuration',
    ])('tells everybody at %s', async path => {
      const response = await fetch(url(path, 'DENY'));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain(
        'application/json',
      );
      const { policy_decision_point: base, ...endpoints } =
        await response.json();
      expect(base).toMatch(/^https?:\/\/[^/]+\/api\/goldenpath$/);
      expect(endpoints).toEqual({
        access_evaluation_endpoint: `${base}/access/v1/evaluation`,
        access_evaluations_endpoint: `${base}/access/v1/evaluations`,
        search_subject_endpoint: `${base}/access/v1/search/subject`,
        search_resource_endpoint: `${base}/access/v1/search/resource`,
        search_action_endpoint: `${base}/access/v1/search/action`,
      });
    });
  });
});
