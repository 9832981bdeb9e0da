import {
  type TestBackend,
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { goldenpathPlugin } from './plugin';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - { id: look, effect: allow, permissions: catalog.location.* }
`;

const USER = mockCredentials.user.header();
const SERVICE = mockCredentials.service.header();
const ann = { userEntityRef: 'user:default/ann' };
const create = {
  permission: { name: 'catalog.location.create', action: 'create' },
};
const read = { permission: { name: 'catalog.location.read', action: 'read' } };
const forbidden = {
  permission: { name: 'devtools.info', action: 'read' },
};
const asAuthzen = (id: string, name: string) => ({
  subject: { type: 'user', id },
  action: { name },
  resource: { type: 'location', id: 'any' },
});

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('the audit of questions', () => {
  const folder = createMockDirectory({ content: { 'policy.yaml': POLICY } });
  const name = folder.resolve('policy.yaml');
  const auditor = mockServices.auditor.mock();
  const event = { success: jest.fn(), fail: jest.fn() };
  let backend: TestBackend | undefined;

  async function start(result: 'ALLOW' | 'DENY', auditReads = false) {
    backend = await startTestBackend({
      features: [
        goldenpathPlugin,
        auditor.factory,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.permissions.factory({ result: AuthorizeResult[result] }),
        mockServices.scheduler.factory({ skipTaskRunOnStartup: true }),
        mockServices.rootConfig.factory({
          data: { goldenpath: { policy: { files: [name], auditReads } } },
        }),
      ],
    });
    auditor.createEvent.mockReset().mockResolvedValue(event);
  }

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
    jest.clearAllMocks();
  });

  /** What the auditor is told of a question. */
  async function told(path: string, body: unknown, authorization = USER) {
    auditor.createEvent.mockClear();
    await fetch(
      `http://localhost:${backend?.server.port()}/api/goldenpath/${path}`,
      {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
    );
    return auditor.createEvent.mock.calls.map(([options]) => options);
  }

  it('tells who asked, about whom, and the decision with its rules', async () => {
    await start('DENY');
    const decision = {
      permission: 'catalog.location.create',
      subject: 'user:default/mock',
      result: 'ALLOW',
      rules: [{ id: 'look', effect: 'allow', at: `${name}:4` }],
    };
    for (const [path, body] of [
      ['decide', create],
      ['decide', [create]],
      ['explain', create],
      ['access/v1/evaluation', asAuthzen('mock', 'catalog.location.create')],
    ] as const) {
      const [options, ...others] = await told(path, body);
      expect(others).toEqual([]);
      expect(options).toMatchObject({
        eventId: 'policy-question',
        severityLevel: 'low',
        meta: {
          queryType: path.replace('access/v1', 'authzen'),
          decisions: [decision],
          policyVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      });
      expect(options.request?.headers.authorization).toBe(USER);
    }
    expect(event.success).toHaveBeenCalledTimes(4);
  });

  it('leaves out reads that are not denied, unless asked for', async () => {
    await start('DENY');
    await expect(told('decide', read)).resolves.toEqual([]);
    await expect(told('what-can', {})).resolves.toEqual([]);
    const [{ meta }] = await told('decide', [read, forbidden]);
    expect(meta?.decisions).toMatchObject([{ result: 'DENY' }]);
    await backend?.stop();
    await start('DENY', true);
    await expect(told('decide', read)).resolves.toHaveLength(1);
    await expect(told('what-can', {})).resolves.toHaveLength(1);
  });

  it('tells of many decisions at once, and how many more there were', async () => {
    await start('DENY');
    const [{ meta }, ...others] = await told('decide', Array(25).fill(create));
    expect(others).toEqual([]);
    expect(meta?.decisions).toHaveLength(20);
    expect(meta?.moreDecisions).toBe(5);
  });

  it.each([
    ['who-can', create, { permission: create.permission.name, results: 0 }],
    ['lint', {}, { results: expect.any(Number) }],
    ['what-can', { subject: ann }, { subject: ann.userEntityRef }],
    [
      'access/v1/search/subject',
      { ...asAuthzen('', create.permission.name), subject: { type: 'user' } },
      { permission: create.permission.name, results: 0 },
    ],
    [
      'access/v1/search/action',
      { ...asAuthzen('ann', ''), action: undefined },
      { subject: ann.userEntityRef, results: 4 },
    ],
    [
      'access/v1/search/resource',
      asAuthzen('ann', create.permission.name),
      {
        permission: create.permission.name,
        subject: ann.userEntityRef,
        results: 0,
      },
    ],
  ])('tells of questions about others: %s', async (path, body, meta) => {
    await start('ALLOW');
    await expect(told(path, body, SERVICE)).resolves.toMatchObject([
      {
        eventId: 'policy-question',
        meta: { queryType: path.replace('access/v1', 'authzen'), ...meta },
      },
    ]);
  });

  it('tells who asked what they may not', async () => {
    await start('DENY');
    for (const [path, body] of [
      ['decide', { ...create, subject: ann }],
      ['who-can', create],
      ['access/v1/evaluation', asAuthzen('ann', create.permission.name)],
    ] as const) {
      await expect(told(path, body)).resolves.toMatchObject([
        {
          severityLevel: 'medium',
          meta: { queryType: path.replace('access/v1', 'authzen') },
        },
      ]);
    }
    expect(event.fail).toHaveBeenCalledTimes(3);
    await expect(told('decide', {})).resolves.toEqual([]);
  });
});
