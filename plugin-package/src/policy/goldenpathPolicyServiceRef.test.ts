import { createBackendPlugin } from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  type GoldenpathPolicyService,
  goldenpathPolicyServiceRef,
} from './goldenpathPolicyServiceRef';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
`;

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('goldenpathPolicyServiceRef', () => {
  it('is one policy, refreshed once, for all plugins', async () => {
    const folder = createMockDirectory({ content: { 'policy.yaml': POLICY } });
    const policies: GoldenpathPolicyService[] = [];
    const scheduler = mockServices.scheduler.mock();
    const plugin = (pluginId: string) =>
      createBackendPlugin({
        pluginId,
        register(reg) {
          reg.registerInit({
            deps: { policy: goldenpathPolicyServiceRef },
            async init({ policy }) {
              policies.push(policy);
            },
          });
        },
      });
    const backend = await startTestBackend({
      features: [
        plugin('one'),
        plugin('two'),
        scheduler.factory,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({
          data: {
            goldenpath: { policy: { files: [folder.resolve('*.yaml')] } },
          },
        }),
      ],
    });
    await backend.stop();
    expect(policies).toHaveLength(2);
    expect(policies[0]).toBe(policies[1]);
    expect(scheduler.scheduleTask).toHaveBeenCalledTimes(1);
  });
});
