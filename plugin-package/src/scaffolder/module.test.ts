import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  type TemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import { scaffolderModuleGoldenpath } from './module';

describe('scaffolderModuleGoldenpath', () => {
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
        mockServices.rootConfig.factory({ data: {} }),
      ],
    });
    await backend.stop();
  });

  it('adds its actions', () => {
    expect(actions.map(({ id }) => id)).toEqual([
      'goldenpath:template:render',
      'goldenpath:catalog:validate',
    ]);
  });

  it('adds no action without an example, a description of every input, and a dry run', () => {
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
