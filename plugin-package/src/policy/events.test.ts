import {
  createBackendModule,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  type TestBackend,
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import catalogBackend from '@backstage/plugin-catalog-backend';
import {
  type EntityProviderConnection,
  catalogProcessingExtensionPoint,
} from '@backstage/plugin-catalog-node';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import { catalogModuleGoldenpath } from '../catalog';
import {
  type GoldenpathPolicyService,
  goldenpathPolicyServiceRef,
} from './goldenpathPolicyServiceRef';

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

const REQUEST = {
  permission: { name: 'catalog.location.create', action: 'create' as const },
  subject: { userEntityRef: 'user:default/ann' },
};

function entity(kind: string, name: string, spec: Entity['spec']): Entity {
  const annotations = {
    'backstage.io/managed-by-location': 'url:https://shop.example/org',
    'backstage.io/managed-by-origin-location': 'url:https://shop.example/org',
  };
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, annotations },
    spec,
  };
}

function ann(...memberOf: string[]) {
  return entity('User', 'ann', { memberOf });
}

const ENGINEERING = entity('Group', 'engineering', {
  type: 'team',
  children: [],
});

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('the directory of the policy', () => {
  const folder = createMockDirectory({ content: { 'policy.yaml': POLICY } });
  let backend: TestBackend;
  let connection: EntityProviderConnection;
  let policy: GoldenpathPolicyService;

  const provider = createBackendModule({
    pluginId: 'catalog',
    moduleId: 'people',
    register(reg) {
      reg.registerInit({
        deps: { catalog: catalogProcessingExtensionPoint },
        async init({ catalog }) {
          catalog.addEntityProvider({
            getProviderName: () => 'people',
            async connect(given) {
              connection = given;
            },
          });
        },
      });
    },
  });

  const asker = createBackendPlugin({
    pluginId: 'asker',
    register(reg) {
      reg.registerInit({
        deps: { policy: goldenpathPolicyServiceRef },
        async init(deps) {
          policy = deps.policy;
        },
      });
    },
  });

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        catalogBackend,
        catalogModuleGoldenpath,
        // the one for tests keeps events within a plugin
        eventsServiceFactory,
        provider,
        asker,
        mockServices.rootConfig.factory({
          data: {
            catalog: { processingInterval: { seconds: 1 } },
            goldenpath: {
              policy: {
                files: [folder.resolve('*.yaml')],
                // what changes is not found by polling
                refresh: {
                  frequency: { hours: 1 },
                  initialDelay: { hours: 1 },
                  timeout: { minutes: 1 },
                },
              },
            },
          },
        }),
      ],
    });
  });

  afterAll(() => backend.stop());

  async function ingest(...entities: Entity[]) {
    await connection.applyMutation({
      type: 'full',
      entities: entities.map(one => ({ entity: one, locationKey: 'people' })),
    });
  }

  /** Fails by the test's time limit. */
  async function waitForDecision(result: string) {
    while (policy.decide(REQUEST).result !== result) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  it('follows the catalogue by events', async () => {
    expect(policy.decide(REQUEST).result).toBe('DENY');
    await ingest(ann('engineering'), ENGINEERING);
    await waitForDecision('ALLOW');
    await ingest(ann(), ENGINEERING);
    await waitForDecision('DENY');
    await ingest(ann('engineering'), ENGINEERING);
    await waitForDecision('ALLOW');
  });
});
