import {
  type ExtensionPoint,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { catalogModelExtensionPoint } from '@backstage/plugin-catalog-node/alpha';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import goldenpath from './index';

describe('the default export', () => {
  const calls: string[] = [];

  /** A plugin that notes what modules do with its extension points. */
  function plugin(pluginId: string, ...points: ExtensionPoint<any>[]) {
    return createBackendPlugin({
      pluginId,
      register(reg) {
        for (const point of points) {
          reg.registerExtensionPoint(
            point,
            new Proxy(
              {},
              { get: (_, method) => () => calls.push(String(method)) },
            ),
          );
        }
        reg.registerInit({ deps: {}, async init() {} });
      },
    });
  }

  const catalog = plugin(
    'catalog',
    catalogProcessingExtensionPoint,
    catalogModelExtensionPoint,
  );
  const scaffolder = plugin('scaffolder', scaffolderActionsExtensionPoint);
  const permission = plugin('permission', policyExtensionPoint);

  async function start(config: object, plugins = [catalog, scaffolder]) {
    calls.splice(0);
    const backend = await startTestBackend({
      features: [
        ...plugins,
        goldenpath,
        mockServices.rootConfig.factory({ data: { goldenpath: config } }),
      ],
    });
    await backend.stop();
    return [...calls].sort();
  }

  it('adds a parser, a processor and actions', async () => {
    await expect(start({})).resolves.toEqual([
      'addActions',
      'addProcessor',
      'setEntityDataParser',
    ]);
  });

  it('leaves the parser to another module if told so', async () => {
    await expect(start({ catalog: { parser: false } })).resolves.toEqual([
      'addActions',
      'addProcessor',
    ]);
  });

  it('works in a backend that has only some of the plugins', async () => {
    await expect(start({}, [scaffolder])).resolves.toEqual(['addActions']);
  });

  it('adds the policy only where one is configured', async () => {
    await expect(start({}, [permission])).resolves.toEqual([]);
    await expect(
      start({ policy: { files: ['./no-such-policy.yaml'] } }, [permission]),
    ).rejects.toThrow('no policy file matches `./no-such-policy.yaml`');
  });

  it('adds the action that asks the policy only where one is configured', async () => {
    const folder = createMockDirectory({
      content: {
        'policy.yaml': 'apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n',
      },
    });
    await expect(
      start({ policy: { files: [folder.resolve('policy.yaml')] } }, [
        scaffolder,
      ]),
    ).resolves.toEqual(['addActions', 'addActions']);
  });

  it('audits the catalogue beside a policy, as it does without', async () => {
    const folder = createMockDirectory({
      content: {
        'policy.yaml': 'apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n',
      },
    });
    const policy = { files: [folder.resolve('policy.yaml')] };
    await expect(start({ audit: {}, policy }, [])).resolves.toEqual([]);
    await expect(start({ audit: {} }, [])).resolves.toEqual([]);
    await expect(start({ audit: { timeout: 'soon' } }, [])).rejects.toThrow(
      "Invalid duration 'soon' in config at 'timeout'",
    );
  });

  it.each([
    [{ unknownFields: 'warn' }, 'write one of `error`, `warning`, `info`'],
    [{ unknownFeilds: 'off' }, 'did you mean `unknownFields`?'],
    [{ rules: { 'catalog/invalid-tga': 'off' } }, '`catalog/invalid-tag`?'],
    [{ governedTemplates: [{ permission: 'a' }] }, 'has no `types`'],
    [{ governedTemplates: [{ types: [] }] }, '.types` is empty'],
    [{ parser: 'maybe' }, 'parser'],
  ])('does not start with the configuration %j', async (catalog_, message) => {
    await expect(start({ catalog: catalog_ })).rejects.toThrow(message);
  });
});
