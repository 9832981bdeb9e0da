import {
  type TestBackend,
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type Policy, compilePolicy } from 'goldenpath';
import { goldenpathPlugin } from './plugin';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles:
  engineer: {}
bindings:
  - role: engineer
    to: [user:default/mock]
rules:
  - id: register
    effect: allow
    role: engineer
    permissions: [catalog.location.create]
  - id: own
    effect: allow
    role: engineer
    permissions: [catalog.entity.delete]
    when: { owner: $ownership }
`;

const NOW = '2026-11-24T17:00:00Z';
const USER = mockCredentials.user.header();
const SERVICE = mockCredentials.service.header();

const create = { permission: { name: 'catalog.location.create' }, now: NOW };
const remove = {
  permission: {
    name: 'catalog.entity.delete',
    action: 'delete' as const,
    resourceType: 'catalog-entity',
  },
  now: NOW,
};

/** The user of `mockCredentials`, with the claims of `mockServices.userInfo`. */
const mock = {
  userEntityRef: 'user:default/mock',
  ownershipEntityRefs: ['user:default/mock'],
};
const ann = { userEntityRef: 'user:default/ann' };

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('goldenpathPlugin', () => {
  const folder = createMockDirectory();
  let backend: TestBackend | undefined;
  let engine: Policy;

  async function start(result: 'ALLOW' | 'DENY' = 'DENY') {
    folder.setContent({ 'policy.yaml': POLICY });
    const name = folder.resolve('policy.yaml');
    engine = compilePolicy([{ name, content: POLICY }]).policy as Policy;
    backend = await startTestBackend({
      features: [
        goldenpathPlugin,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.permissions.factory({ result: AuthorizeResult[result] }),
        mockServices.scheduler.factory({ skipTaskRunOnStartup: true }),
        mockServices.rootConfig.factory({
          data: { goldenpath: { policy: { files: [name] } } },
        }),
      ],
    });
  }

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
  });

  async function post(path: string, body: unknown, authorization = USER) {
    const response = await fetch(
      `http://localhost:${backend?.server.port()}/api/goldenpath/${path}`,
      {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
    );
    return { status: response.status, text: await response.text() };
  }

  it('answers users about themselves, as the engine does', async () => {
    await start();
    const [mayCreate, mayRemove] = [create, remove].map(request =>
      engine.decide({ ...request, subject: mock }),
    );
    expect([mayCreate.result, mayRemove.result]).toEqual([
      'ALLOW',
      'CONDITIONAL',
    ]);
    for (const [body, answer] of [
      [create, mayCreate],
      [{ ...remove, subject: mock }, mayRemove],
      [
        [create, remove],
        [mayCreate, mayRemove],
      ],
      [[], []],
    ]) {
      await expect(post('decide', body)).resolves.toEqual({
        status: 200,
        text: JSON.stringify(answer),
      });
    }
    await expect(post('explain', create)).resolves.toEqual({
      status: 200,
      text: JSON.stringify(engine.explain({ ...create, subject: mock })),
    });
    await expect(post('what-can', { now: NOW })).resolves.toEqual({
      status: 200,
      text: JSON.stringify(engine.whatCan({ now: NOW, subject: mock })),
    });
  });

  it('takes the claims of users from their token', async () => {
    await start();
    const claims = { ownershipEntityRefs: ['group:default/admins'] };
    const { text } = await post('decide', {
      ...remove,
      subject: { ...mock, ...claims },
    });
    expect(text).toBe(
      JSON.stringify(engine.decide({ ...remove, subject: mock })),
    );
  });

  it.each([
    ['decide', { ...create, subject: ann }],
    ['decide', [create, { ...create, subject: ann }]],
    ['explain', { ...create, subject: ann }],
    ['what-can', { subject: ann }],
    ['who-can', create],
    ['lint', {}],
  ])('does not %s about others without permission', async (path, body) => {
    await start();
    const { status, text } = await post(path, body);
    expect(status).toBe(403);
    expect(text).toContain('needs the permission `goldenpath.policy.read`');
  });

  it.each([USER, SERVICE])('answers who may about others', async header => {
    await start('ALLOW');
    const about = { ...create, subject: ann };
    for (const [path, body, answer] of [
      ['decide', about, engine.decide(about)],
      ['explain', about, engine.explain(about)],
      ['who-can', create, engine.whoCan(create)],
      ['lint', { now: NOW }, engine.lint({ now: NOW })],
    ] as const) {
      await expect(post(path, body, header)).resolves.toEqual({
        status: 200,
        text: JSON.stringify(answer),
      });
    }
  });

  it.each([
    ['`subject`', 'decide', create, SERVICE],
    ['`userEntityRef`', 'decide', { ...create, subject: 'ann' }, USER],
    ['`now`', 'decide', { ...create, now: 1 }, USER],
    ['permission', 'decide', {}, USER],
    ['object', 'explain', [create], USER],
    ['permission', 'who-can', {}, USER],
    ['1001', 'decide', Array(1001).fill(create), USER],
    ['JSON', 'decide', '{', USER],
  ])('says what is wrong: %s', async (wrong, path, body, header) => {
    await start('ALLOW');
    const { status, text } = await post(path, body, header);
    expect(status).toBe(400);
    expect(JSON.parse(text).error.message).toContain(wrong);
  });

  it('takes bodies of 4 MB at most', async () => {
    await start();
    const input = 'a'.repeat(4 * 1024 * 1024);
    const { status } = await post('decide', { ...create, context: { input } });
    expect(status).toBe(413);
  });

  it('answers nobody who is not signed in', async () => {
    await start('ALLOW');
    const { status } = await post(
      'decide',
      create,
      mockCredentials.none.header(),
    );
    expect(status).toBe(401);
  });
});
