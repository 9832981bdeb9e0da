import {
  PERMISSIONS,
  admin,
  alice,
  archived,
  bob,
  entity,
  read,
  record,
  write,
  useDecisionPoint,
} from './__testUtils__/useDecisionPoint';

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('the AuthZEN API', () => {
  const { engine, send, post, decided } = useDecisionPoint();

  describe('evaluation', () => {
    it.each([
      ['alice reads', alice, read, record, true],
      ['alice writes', alice, write, record, true],
      ['bob reads', bob, read, record, true],
      ['bob does not write', bob, write, record, false],
      ['alice does not write what is archived', alice, write, archived, false],
      ['an admin writes it', admin, write, archived, true],
      [
        'alice deletes softly',
        alice,
        { name: 'delete', properties: { soft: true } },
        record,
        true,
      ],
      [
        'but not otherwise',
        alice,
        { name: 'delete', properties: { soft: false } },
        record,
        false,
      ],
      ['nobody else does', { type: 'user', id: 'eve' }, read, record, false],
    ])('%s', async (_, subject, action, resource, decision) => {
      const body = { subject, action, resource };
      await expect(decided('evaluation', body)).resolves.toBe(decision);
      const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };
      await expect(
        decided('evaluation', { ...body, context, foo: 'bar' }),
      ).resolves.toBe(decision);
    });

    it('gives the decision of the engine', async () => {
      for (const [subject, found] of [
        ['alice', entity('record-1')],
        ['eve', entity('record-1')],
      ] as const) {
        const decision = engine.decide({
          permission: { ...PERMISSIONS[0] },
          subject: { userEntityRef: `user:default/${subject}` },
          resource: found as any,
          now: new Date().toISOString(),
        });
        const { text } = await send('evaluation', {
          subject: { type: 'user', id: subject },
          action: read,
          resource: record,
        });
        expect(text).toBe(
          JSON.stringify({
            decision: decision.result === 'ALLOW',
            context: { decision },
          }),
        );
      }
    });

    it('decides on an entity that is sent as it is', async () => {
      const sent = (label: string) => ({
        type: 'record',
        id: 'record-1',
        properties: {
          ...entity('record-1'),
          metadata: { name: 'record-1', labels: { status: label } },
        },
      });
      for (const [label, decision] of [
        ['active', true],
        ['archived', false],
      ] as const) {
        await expect(
          decided('evaluation', {
            subject: alice,
            action: write,
            resource: sent(label),
          }),
        ).resolves.toBe(decision);
      }
    });

    it('takes the time from the context', async () => {
      for (const [now, decision] of [
        ['2026-11-24T12:00:00Z', true],
        ['2026-11-28T12:00:00Z', false],
      ] as const) {
        await expect(
          decided('evaluation', {
            subject: alice,
            action: { name: 'can_create_todo' },
            resource: { type: 'todo', id: '1' },
            context: { now },
          }),
        ).resolves.toBe(decision);
      }
    });

    it.each([
      ['an entity that is not there', read, { ...record, id: 'record-9' }],
      ['an action that is no permission', { name: 'can_read' }, record],
      ['a resource of another type', { name: 'can_read_task' }, record],
    ])('denies, and says why: %s', async (_, action, resource) => {
      const subject = { type: 'user', id: 'eve' };
      const answer = await post('evaluation', { subject, action, resource });
      expect(answer).toMatchObject({
        decision: false,
        context: { error: { status: 404, message: expect.any(String) } },
      });
    });

    it('denies what depends on a resource that it cannot know', async () => {
      const answer = await post('evaluation', {
        subject: alice,
        action: { name: 'can_read_task' },
        resource: { type: 'scaffolder-task', id: '1' },
      });
      expect(answer).toMatchObject({
        decision: false,
        context: {
          decision: { result: 'CONDITIONAL', resourceType: 'scaffolder-task' },
          reason: expect.stringContaining('`resource.properties`'),
        },
      });
      await expect(
        decided('evaluation', {
          subject: alice,
          action: { name: 'can_read_task' },
          resource: {
            type: 'scaffolder-task',
            id: '1',
            properties: { createdBy: 'user:default/alice' },
          },
        }),
      ).resolves.toBe(true);
    });

    it.each([
      ['`subject` is missing', { action: read, resource: record }],
      ['`action` is missing', { subject: alice, resource: record }],
      ['`resource` is missing', { subject: alice, action: read }],
      [
        '`subject.type` is missing',
        { subject: { id: 'alice' }, action: read, resource: record },
      ],
      [
        '`resource.id` is missing',
        { subject: alice, action: read, resource: { type: 'record' } },
      ],
      [
        '`subject` has to be an object',
        { subject: 'alice', action: read, resource: record },
      ],
      [
        '`action.name` has to be a text',
        { subject: alice, action: { name: 123 }, resource: record },
      ],
      [
        '`context.now`',
        {
          subject: alice,
          action: read,
          resource: record,
          context: { now: 'noon' },
        },
      ],
      ['JSON', '{'],
      ['`subject` is missing', ''],
      ['object', '[]'],
    ])('refuses what is none: %s', async (wrong, body) => {
      const { status, text } = await send('evaluation', body);
      expect([status, text]).toEqual([400, expect.stringContaining(wrong)]);
    });

    it('refuses what is not of type JSON, and what is too long', async () => {
      const body = JSON.stringify({
        subject: alice,
        action: read,
        resource: record,
      });
      const plain = { 'content-type': 'text/plain' };
      expect((await send('evaluation', body, plain)).status).toBe(400);
      const long = { ...JSON.parse(body), foo: 'a'.repeat(4 * 1024 * 1024) };
      expect((await send('evaluation', long)).status).toBe(413);
    });

    it('gives the id of the request back', async () => {
      const id = { 'x-request-id': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' };
      for (const body of [
        { subject: alice, action: read, resource: record },
        {},
      ]) {
        const { headers } = await send('evaluation', body, id);
        expect(headers.get('x-request-id')).toBe(id['x-request-id']);
      }
      const { headers } = await send('evaluation', {});
      expect(headers.get('x-request-id')).toBeNull();
    });
  });

  describe('evaluations', () => {
    it.each([
      [
        'defaults',
        { subject: bob, resource: record },
        [{ action: read }, { action: write }],
        [true, false],
      ],
      [
        'no defaults',
        {},
        [
          { subject: alice, action: read, resource: record },
          { subject: bob, action: write, resource: record },
        ],
        [true, false],
      ],
      [
        'properties',
        { action: write, resource: archived },
        [{ subject: alice }, { subject: admin }],
        [false, true],
      ],
      [
        'a default that is a part',
        { subject: alice, action: write, resource: { type: 'record' } },
        [
          { resource: { id: 'record-1', properties: { status: 'active' } } },
          { resource: archived },
        ],
        [true, false],
      ],
      [
        'one that is malformed',
        { subject: alice, action: read },
        [{ resource: record }, {}],
        [true, false],
      ],
    ])('answers each in its order: %s', async (_, body, evaluations, all) => {
      await expect(
        decided('evaluations', { ...body, evaluations }),
      ).resolves.toEqual(all);
    });

    it.each([
      ['execute_all', [true, false, true]],
      ['deny_on_first_deny', [true, false]],
      ['permit_on_first_permit', [true]],
    ])('stops as told: %s', async (evaluations_semantic, all) => {
      await expect(
        decided('evaluations', {
          subject: alice,
          action: write,
          options: { evaluations_semantic },
          evaluations: [
            { resource: record },
            { resource: archived },
            { resource: record },
          ],
        }),
      ).resolves.toEqual(all);
    });

    it('is an evaluation if it has none', async () => {
      const body = { subject: alice, action: read, resource: record };
      for (const evaluations of [undefined, []]) {
        await expect(
          decided('evaluations', { ...body, evaluations }),
        ).resolves.toBe(true);
      }
    });

    it('takes a thousand', async () => {
      const body = { subject: alice, action: read, resource: record };
      const answer = await decided('evaluations', {
        ...body,
        evaluations: Array(1000).fill({}),
      });
      expect(answer).toEqual(Array(1000).fill(true));
      const { status, text } = await send('evaluations', {
        ...body,
        evaluations: Array(1001).fill({}),
      });
      expect([status, text]).toEqual([400, expect.stringContaining('1001')]);
    });
  });
});
