import {
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  type TemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import {
  scaffolderModuleGoldenpath,
  scaffolderModuleGoldenpathPolicy,
} from './index';

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
`;

describe('the modules of the scaffolder', () => {
  const folder = createMockDirectory({ content: { 'policy.yaml': POLICY } });
  const actions: TemplateAction<any, any, any>[] = [];

  beforeAll(async () => {
    const backend = await startTestBackend({
      extensionPoints: [
        [
          scaffolderActionsExtensionPoint,
          { addActions: (...added) => void actions.push(...added) },
        ],
      ],
      features: [
        scaffolderModuleGoldenpath,
        scaffolderModuleGoldenpathPolicy,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.scheduler.factory({ skipTaskRunOnStartup: true }),
        mockServices.rootConfig.factory({
          data: {
            goldenpath: { policy: { files: [folder.resolve('*.yaml')] } },
          },
        }),
      ],
    });
    await backend.stop();
  });

  it('add their actions', () => {
    expect(actions.map(({ id }) => id)).toEqual([
      'goldenpath:template:render',
      'goldenpath:template:upgrade',
      'goldenpath:catalog:validate',
      'goldenpath:policy:check',
    ]);
  });

  it('add no action without an example, a description of every input, and a dry run', () => {
    for (const action of actions) {
      expect(action.examples?.length).toBeGreaterThan(0);
      expect(action.supportsDryRun).toBe(true);
      const inputs = Object.entries(action.schema?.input?.properties ?? {});
      expect(inputs.length).toBeGreaterThan(0);
      for (const [name, input] of inputs) {
        expect([name, input.description]).toEqual([name, expect.any(String)]);
      }
    }
  });
});
