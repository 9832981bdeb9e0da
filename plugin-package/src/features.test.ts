import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { catalogModelExtensionPoint } from '@backstage/plugin-catalog-node/alpha';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import goldenpath from './index';

describe('the default export', () => {
  async function added(config: object): Promise<string[]> {
    const log: string[] = [];
    const point = (name: string) =>
      new Proxy({} as any, {
        get: (_, method) => () => log.push(`${name}.${String(method)}`),
      });
    const backend = await startTestBackend({
      extensionPoints: [
        [catalogProcessingExtensionPoint, point('processing')],
        [catalogModelExtensionPoint, point('model')],
        [scaffolderActionsExtensionPoint, point('actions')],
        [policyExtensionPoint, point('policy')],
      ],
      features: [
        goldenpath,
        mockServices.rootConfig.factory({ data: { goldenpath: config } }),
      ],
    });
    await backend.stop();
    return log.sort();
  }

  it('adds a parser, a processor and actions', async () => {
    await expect(added({})).resolves.toEqual([
      'actions.addActions',
      'model.setEntityDataParser',
      'processing.addProcessor',
    ]);
  });

  it('leaves the parser to another module if told so', async () => {
    await expect(added({ catalog: { parser: false } })).resolves.toEqual([
      'actions.addActions',
      'processing.addProcessor',
    ]);
  });

  it('adds the policy where one is configured', async () => {
    await expect(
      added({ policy: { files: ['./no-such-policy.yaml'] } }),
    ).rejects.toThrow('no policy file matches `./no-such-policy.yaml`');
  });

  it('does not start with a configuration that it does not understand', async () => {
    await expect(added({ catalog: { unknownFields: 'warn' } })).rejects.toThrow(
      'use one of error, warning, info, off',
    );
  });
});
