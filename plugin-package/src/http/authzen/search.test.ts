import {
  PERMISSIONS,
  admin,
  alice,
  archived,
  bob,
  read,
  record,
  write,
  useDecisionPoint,
} from './__testUtils__/useDecisionPoint';

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('the AuthZEN API', () => {
  const { send, post, decided } = useDecisionPoint();

  describe('search', () => {
    const users = (...names: string[]) =>
      names.map(one => ({ type: 'user', id: `user:default/${one}` }));
    const records = (...names: string[]) =>
      names.map(one => ({ type: 'record', id: `record:default/${one}` }));

    it.each([
      [
        'subject',
        { subject: { type: 'user' }, action: read, resource: record },
        users('alice', 'bob'),
      ],
      [
        'subject',
        { subject: { type: 'user' }, action: write, resource: archived },
        [],
      ],
      [
        'subject',
        {
          subject: { type: 'user', properties: { role: 'admin' } },
          action: write,
          resource: archived,
        },
        users('alice', 'bob'),
      ],
      [
        'subject',
        { subject: { type: 'spaceship' }, action: read, resource: record },
        [],
      ],
      [
        'resource',
        { subject: alice, action: read, resource: { type: 'record' } },
        records('record-1', 'record-2'),
      ],
      [
        'resource',
        { subject: alice, action: write, resource: { type: 'record' } },
        records('record-1'),
      ],
      [
        'resource',
        { subject: admin, action: write, resource: { type: 'record' } },
        records('record-2'),
      ],
      [
        'resource',
        { subject: alice, action: read, resource: { type: 'catalog-entity' } },
        [
          'record:default/record-1',
          'record:default/record-2',
          'component:default/shop',
          'resource:default/pr-1',
          'resource:default/db',
        ].map(id => ({ type: 'catalog-entity', id })),
      ],
      [
        'resource',
        {
          subject: alice,
          action: { name: 'goldenpath.environment.destroy' },
          resource: { type: 'goldenpath-environment' },
        },
        [{ type: 'goldenpath-environment', id: 'resource:default/pr-1' }],
      ],
      [
        'resource',
        {
          subject: alice,
          action: { name: 'goldenpath.environment.destroy' },
          resource: { type: 'catalog-entity' },
        },
        [{ type: 'catalog-entity', id: 'resource:default/pr-1' }],
      ],
      [
        'resource',
        { subject: alice, action: read, resource: { type: 'galaxy' } },
        [],
      ],
      [
        'resource',
        { subject: bob, action: { name: 'nix' }, resource: { type: 'record' } },
        [],
      ],
      [
        'action',
        {
          subject: alice,
          resource: record,
          context: { now: '2026-11-28T12:00:00Z' },
        },
        [read, write],
      ],
      [
        'action',
        {
          subject: admin,
          resource: archived,
          context: { now: '2026-11-24T12:00:00Z' },
        },
        [{ name: 'can_create_todo' }, read, write],
      ],
      [
        'action',
        { subject: { type: 'user', id: 'nobody' }, resource: record },
        [],
      ],
    ])('finds a %s: %j', async (what, body, results) => {
      const answer = await post(`search/${what}`, body);
      expect(answer).toMatchObject({
        results,
        page: { next_token: '', count: results.length },
      });
    });

    it('finds what an evaluation allows', async () => {
      for (const subject of [alice, bob, admin]) {
        const { results } = await post('search/action', {
          subject,
          resource: archived,
        });
        const found = results.map((one: any) => one.name);
        for (const action of PERMISSIONS) {
          await expect(
            decided('evaluation', { subject, action, resource: archived }),
          ).resolves.toBe(found.includes(action.name));
        }
      }
    });

    it.each([
      [
        'subject',
        { subject: { type: 'user' }, action: read, resource: record },
      ],
      [
        'resource',
        { subject: alice, action: read, resource: { type: 'record' } },
      ],
      ['action', { subject: alice, resource: record }],
    ])('gives pages of a %s', async (what, body) => {
      const whole = await post(`search/${what}`, body);
      expect(whole.results.length).toBeGreaterThan(1);
      const results = [];
      let token: string | undefined;
      do {
        const { results: found, page } = await post(`search/${what}`, {
          ...body,
          page: { limit: 1, token },
        });
        expect(found).toHaveLength(1);
        results.push(...found);
        token = page.next_token;
      } while (token);
      expect(results).toEqual(whole.results);
    });

    it.each([
      ['subject', { subject: { type: 'user' }, resource: record }],
      [
        'subject',
        {
          subject: { type: 'user' },
          action: read,
          resource: { type: 'record' },
        },
      ],
      ['resource', { action: read, resource: { type: 'record' } }],
      [
        'resource',
        {
          subject: { type: 'user' },
          action: read,
          resource: { type: 'record' },
        },
      ],
      ['action', { subject: alice }],
      ['action', { subject: alice, resource: record, page: { limit: 0 } }],
      ['action', { subject: alice, resource: record, page: { token: 'x' } }],
      [
        'resource',
        {
          subject: alice,
          action: read,
          resource: { type: 'record' },
          page: { token: 'WyJ4IiwwXQ' },
        },
      ],
    ])('refuses a search for a %s that is none: %j', async (what, body) => {
      expect((await send(`search/${what}`, body)).status).toBe(400);
    });
  });
});
