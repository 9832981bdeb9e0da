import {
  coreServices,
  createServiceFactory,
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
import permissionBackend from '@backstage/plugin-permission-backend';
import { goldenpathPlugin } from '../http';
import { permissionModuleGoldenpath } from '../permission';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - id: own
    effect: allow
    permissions: [{ resourceType: goldenpath-environment }]
    when: { owner: $ownership }
  - id: keep
    effect: deny
    permissions: [goldenpath.environment.destroy]
    when:
      anyOf:
        - { label: { tier: prod } }
        - { annotation: shop.example/keep }
        - { not: { kind: Resource, spec: { type: environment } } }
        - { metadata: { name: main } }
`;

function entity(name: string, metadata: object = {}, kind = 'Resource') {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { namespace: 'default', name, ...metadata },
    spec: { type: 'environment' },
    relations: [{ type: 'ownedBy', targetRef: 'user:default/mock' }],
  };
}

/** As Backstage does, but the service for tests does not: it names the plugin that asks for a user. */
const auth = createServiceFactory({
  service: coreServices.auth,
  deps: { plugin: coreServices.pluginMetadata },
  factory({ plugin }) {
    const pluginId = plugin.getId();
    const service = mockServices.auth({ pluginId });
    const tokenOf = service.getPluginRequestToken.bind(service);
    service.getPluginRequestToken = async options => {
      const { onBehalfOf } = options;
      return service.isPrincipal(onBehalfOf, 'user')
        ? {
            token: mockCredentials.user.token(
              onBehalfOf.principal.userEntityRef,
              { actor: { subject: `plugin:${pluginId}` } },
            ),
          }
        : tokenOf(options);
    };
    return service;
  },
});

const ENTITIES: Entity[] = [
  entity('shop-pr-7'),
  { ...entity('of-ann'), relations: [] },
  entity('prod', { labels: { tier: 'prod' } }),
  entity('kept', { annotations: { 'shop.example/keep': 'yes' } }),
  entity('main'),
  entity('shop', {}, 'Component'),
];

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('the permissions on environments', () => {
  const folder = createMockDirectory({ content: { 'policy.yaml': POLICY } });
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        permissionBackend,
        permissionModuleGoldenpath,
        goldenpathPlugin,
        auth,
        catalogServiceMock.factory({ entities: ENTITIES }),
        mockServices.scheduler.factory({ skipTaskRunOnStartup: true }),
        mockServices.rootConfig.factory({
          data: {
            permission: { enabled: true },
            goldenpath: { policy: { files: [folder.resolve('*.yaml')] } },
          },
        }),
      ],
    });
  });

  afterAll(() => backend.stop());

  async function authorize(action: string, name: string, refs: string[]) {
    const response = await fetch(
      `http://localhost:${backend.server.port()}/api/permission/authorize`,
      {
        method: 'POST',
        headers: {
          authorization: mockCredentials.user.header(),
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          items: refs.map(resourceRef => ({
            id: resourceRef,
            resourceRef,
            permission: {
              type: 'resource',
              name: `goldenpath.environment.${name}`,
              attributes: { action },
              resourceType: 'goldenpath-environment',
            },
          })),
        }),
      },
    );
    const { items } = await response.json();
    return Object.fromEntries(
      items.map(({ id, result }: { id: string; result: string }) => [
        id,
        result,
      ]),
    );
  }

  it('are decided by the entities in the catalogue', async () => {
    const refs = ['shop-pr-7', 'of-ann', 'prod', 'kept', 'main', 'missing'].map(
      name => `resource:default/${name}`,
    );
    refs.push('component:default/shop');
    const allowed = (...names: string[]) =>
      Object.fromEntries(
        refs.map(ref => [
          ref,
          names.some(name => ref === `resource:default/${name}`)
            ? 'ALLOW'
            : 'DENY',
        ]),
      );
    expect(await authorize('delete', 'destroy', refs)).toEqual(
      allowed('shop-pr-7'),
    );
    expect(await authorize('update', 'extend', refs)).toEqual(
      allowed('shop-pr-7', 'prod', 'kept', 'main'),
    );
  });

  it('are told to whoever asks what there is', async () => {
    const response = await fetch(
      `http://localhost:${backend.server.port()}/api/goldenpath/.well-known/backstage/permissions/metadata`,
    );
    const { permissions, rules } = await response.json();
    const names = (list: { name: string }[]) => list.map(({ name }) => name);
    expect(names(permissions).sort()).toEqual([
      'goldenpath.environment.approve',
      'goldenpath.environment.create',
      'goldenpath.environment.destroy',
      'goldenpath.environment.extend',
      'goldenpath.platform.apply',
      'goldenpath.platform.approve',
      'goldenpath.platform.plan',
      'goldenpath.policy.read',
      'goldenpath.service.create',
    ]);
    expect(names(rules)).toContain('IS_ENTITY_OWNER');
    expect(rules[0].paramsSchema).toMatchObject({ type: 'object' });
  });
});
