import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  type TestBackend,
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import catalogBackend from '@backstage/plugin-catalog-backend';
import {
  type CatalogProcessor,
  catalogProcessingExtensionPoint,
} from '@backstage/plugin-catalog-node';
import type { JsonObject } from '@backstage/types';
import { catalogModuleGoldenpath } from './module';

const GOOD = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: good
spec:
  type: service
  lifecycle: production
  owner: team-a
`;

const BAD = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: bad
  tags: [Java]
spec:
  type: service
  owner: [team-a]
`;

const CUSTOM = `apiVersion: acme.example/v1
kind: Product
metadata:
  name: custom
spec: {}
`;

/** Accepts the kind `Product`, as a plugin with entities of its own does. */
const productProcessor: CatalogProcessor = {
  getProcessorName: () => 'ProductProcessor',
  validateEntityKind: async entity => entity.kind === 'Product',
};

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('catalogModuleGoldenpath', () => {
  const folder = createMockDirectory();
  let backend: TestBackend | undefined;
  const errors = new Map<string, string[]>();

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
  });

  /** Ingests files with a real catalogue, until it has said something of all `refs`. */
  async function ingest(
    content: Record<string, string>,
    refs: string[],
    goldenpath: JsonObject = {},
  ) {
    folder.setContent(content);
    errors.clear();
    const recorder = createBackendModule({
      pluginId: 'catalog',
      moduleId: 'recorder',
      register(reg) {
        reg.registerInit({
          deps: {
            catalog: catalogProcessingExtensionPoint,
            logger: coreServices.logger,
          },
          async init({ catalog }) {
            catalog.addProcessor(productProcessor);
            catalog.setOnProcessingErrorHandler(event => {
              errors.set(
                stringifyEntityRef(event.unprocessedEntity),
                event.errors.map(error => error.message),
              );
            });
          },
        });
      },
    });
    backend = await startTestBackend({
      features: [
        catalogBackend,
        catalogModuleGoldenpath,
        recorder,
        mockServices.rootConfig.factory({
          data: {
            goldenpath: { catalog: goldenpath },
            catalog: {
              processingInterval: { seconds: 1 },
              rules: [{ allow: ['Component', 'Componnent', 'Product'] }],
              locations: Object.keys(content).map(name => ({
                type: 'file',
                target: folder.resolve(name),
              })),
            },
          },
        }),
      ],
    });
    for (;;) {
      const accepted = await entityRefs(backend);
      if (refs.every(ref => accepted.includes(ref) || errors.has(ref))) {
        return accepted;
      }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  }

  it('rejects an invalid entity with all its errors, and only that one', async () => {
    const accepted = await ingest(
      { 'catalog-info.yaml': `${GOOD}---\n${BAD}` },
      ['component:default/good', 'component:default/bad'],
    );

    expect(accepted).toContain('component:default/good');
    expect(accepted).not.toContain('component:default/bad');
    const messages = errors.get('component:default/bad')?.join('\n');
    expect(messages).toContain(`${folder.resolve('catalog-info.yaml')}:14:10`);
    expect(messages).toContain('`lifecycle`');
    expect(messages).toContain(`${folder.resolve('catalog-info.yaml')}:17:10`);
  });

  it.each([
    ['error', { Component: 'error', '*': 'off' }, false],
    ['warning', { Component: 'warning', '*': 'error' }, true],
  ])(
    'enforces a rule, or lets the entity in with a warning: %s',
    async (_mode, weights, isAccepted) => {
      const accepted = await ingest(
        { 'catalog-info.yaml': `${GOOD}  sytem: shop\n` },
        ['component:default/good'],
        { rules: { 'catalog/unknown-field': weights } },
      );
      expect(accepted.includes('component:default/good')).toBe(isAccepted);
      const said = errors.get('component:default/good')?.join() ?? '';
      expect(said.includes('did you mean `system`?')).toBe(!isAccepted);
    },
  );

  it('says where a file cannot be read', async () => {
    await ingest({ 'broken.yaml': `${GOOD}spec: [\n`, 'good.yaml': GOOD }, [
      'component:default/good',
    ]);

    await waitFor(() => [...errors.values()].length > 0);
    expect([...errors.values()].flat().join('\n')).toContain(
      `${folder.resolve('broken.yaml')}:9:7`,
    );
  });

  it('leaves the kinds of other plugins to them', async () => {
    const accepted = await ingest({ 'product.yaml': CUSTOM }, [
      'product:default/custom',
    ]);
    expect(accepted).toContain('product:default/custom');
  });

  it('leaves a version of a known kind to the plugin that has it', async () => {
    await ingest(
      {
        'component.yaml': GOOD.replace('backstage.io', 'acme.example').replace(
          'owner: team-a',
          'owners: [team-a]',
        ),
      },
      ['component:default/good'],
    );
    expect(errors.get('component:default/good')).toEqual([
      expect.stringContaining('No processor recognized the entity'),
    ]);
  });

  it('names the right kind for a misspelt one, which costs the file', async () => {
    await ingest(
      {
        'catalog-info.yaml': GOOD.replace('Component', 'Componnent'),
        'product.yaml': CUSTOM,
      },
      ['product:default/custom'],
    );

    await waitFor(() => [...errors.values()].length > 0);
    expect([...errors.values()].flat().join('\n')).toContain(
      'did you mean `Component`?',
    );
  });
});

async function entityRefs(backend: TestBackend): Promise<string[]> {
  const { port } = backend.server;
  const response = await fetch(
    `http://localhost:${port()}/api/catalog/entities`,
    { headers: { authorization: mockCredentials.service.header() } },
  );
  return (await response.json()).map(stringifyEntityRef);
}

async function waitFor(condition: () => boolean) {
  while (!condition()) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
