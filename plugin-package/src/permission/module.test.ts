import {
  type BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  type TestBackend,
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
} from '@backstage/plugin-permission-node';
import permissionBackend from '@backstage/plugin-permission-backend';
import { goldenpathInnerPolicyExtensionPoint } from './innerPolicy';
import { permissionModuleGoldenpath } from './module';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles:
  engineer: {}
bindings:
  - role: engineer
    to: [group:default/engineering]
rules:
  - id: register
    effect: allow
    role: engineer
    permissions: [catalog.location.create]
`;

/** The user of `mockCredentials` is in a team, and that is in `engineering`. */
const PEOPLE: Entity[] = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { namespace: 'default', name: 'mock' },
    spec: {},
    relations: [{ type: 'memberOf', targetRef: 'group:default/payments' }],
  },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { namespace: 'default', name: 'payments' },
    spec: {},
    relations: [{ type: 'childOf', targetRef: 'group:default/engineering' }],
  },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { namespace: 'default', name: 'engineering' },
    spec: {},
  },
];

function innerPolicy(policy: PermissionPolicy, moduleId = 'acme') {
  return createBackendModule({
    pluginId: 'permission',
    moduleId,
    register(reg) {
      reg.registerInit({
        deps: { inner: goldenpathInnerPolicyExtensionPoint },
        async init({ inner }) {
          inner.setInnerPolicy(policy);
        },
      });
    },
  });
}

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('permissionModuleGoldenpath', () => {
  const folder = createMockDirectory();
  let backend: TestBackend | undefined;

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
  });

  async function start(
    content: Record<string, string>,
    auditor = mockServices.auditor.mock(),
    ...modules: BackendFeature[]
  ) {
    folder.setContent(content);
    backend = await startTestBackend({
      features: [
        permissionBackend,
        permissionModuleGoldenpath,
        ...modules,
        auditor.factory,
        catalogServiceMock.factory({ entities: PEOPLE }),
        mockServices.rootConfig.factory({
          data: {
            permission: { enabled: true },
            goldenpath: { policy: { files: [folder.resolve('*.yaml')] } },
          },
        }),
      ],
    });
  }

  async function authorize(name: string): Promise<string> {
    const response = await fetch(
      `http://localhost:${backend?.server.port()}/api/permission/authorize`,
      {
        method: 'POST',
        headers: {
          authorization: mockCredentials.user.header(),
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          items: [
            {
              id: '1',
              permission: { type: 'basic', name, attributes: {} },
            },
          ],
        }),
      },
    );
    return (await response.json()).items[0].result;
  }

  /** Fails by the test's time limit. */
  async function waitForDecision(name: string, result: string) {
    while ((await authorize(name)) !== result) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  it('decides by policy files and the groups of the catalogue', async () => {
    await start({ 'policy.yaml': POLICY });
    await waitForDecision('catalog.location.create', 'ALLOW');
    expect(await authorize('catalog.location.delete')).toBe('DENY');
  });

  it('has its decisions audited', async () => {
    const auditor = mockServices.auditor.mock();
    await start({ 'policy.yaml': POLICY }, auditor);
    await waitForDecision('catalog.location.create', 'ALLOW');
    expect(auditor.createEvent).toHaveBeenLastCalledWith({
      eventId: 'decision',
      severityLevel: 'low',
      meta: expect.objectContaining({
        permission: 'catalog.location.create',
        subject: 'user:default/mock',
        result: 'ALLOW',
        rules: [
          {
            id: 'register',
            effect: 'allow',
            at: `${folder.resolve('policy.yaml')}:9`,
          },
        ],
      }),
    });
  });

  it('has an inner policy decide what the files do not cover', async () => {
    const auditor = mockServices.auditor.mock();
    const handle = jest.fn<Promise<PolicyDecision>, [PolicyQuery]>(
      async ({ permission }) => {
        if (permission.name === 'acme.thing.break') throw new Error('broken');
        return { result: AuthorizeResult.ALLOW };
      },
    );
    await start({ 'policy.yaml': POLICY }, auditor, innerPolicy({ handle }));

    expect(await authorize('acme.thing.use')).toBe('ALLOW');
    expect(handle.mock.calls).toEqual([
      [
        { permission: expect.objectContaining({ name: 'acme.thing.use' }) },
        expect.objectContaining({ credentials: expect.anything() }),
      ],
    ]);
    expect(auditor.createEvent).toHaveBeenLastCalledWith(
      expect.objectContaining({
        meta: expect.objectContaining({
          permission: 'acme.thing.use',
          subject: 'user:default/mock',
          result: 'ALLOW',
          decidedBy: 'innerPolicy',
        }),
      }),
    );
    expect(await authorize('acme.thing.break')).toBe('DENY');

    // the inner one would allow it from the start
    await waitForDecision('catalog.location.create', 'ALLOW');
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it('takes one inner policy', async () => {
    const allow = { handle: async () => ({ result: AuthorizeResult.ALLOW }) };
    await expect(
      start(
        { 'policy.yaml': POLICY },
        undefined,
        innerPolicy(allow as PermissionPolicy, 'one'),
        innerPolicy(allow as PermissionPolicy, 'two'),
      ),
    ).rejects.toThrow('goldenpath has an inner policy already');
  });

  it('does not start without a policy file', async () => {
    await expect(start({})).rejects.toThrow(
      `no policy file matches \`${folder.resolve('*.yaml')}\``,
    );
  });

  it('does not start with an invalid policy file, and says what is wrong', async () => {
    await expect(
      start({ 'policy.yaml': POLICY.replace('effect: allow', 'effect: alow') }),
    ).rejects.toThrow(`${folder.resolve('policy.yaml')}:10:13`);
  });

  it('follows the files, as long as they are valid', async () => {
    await start({ 'policy.yaml': POLICY });
    await waitForDecision('catalog.location.create', 'ALLOW');

    folder.addContent({ 'policy.yaml': `${POLICY}rules: [` });
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(await authorize('catalog.location.create')).toBe('ALLOW');

    folder.addContent({
      'policy.yaml': POLICY.replace('location.create', 'location.delete'),
    });
    await waitForDecision('catalog.location.create', 'DENY');
    expect(await authorize('catalog.location.delete')).toBe('ALLOW');
  });
});
