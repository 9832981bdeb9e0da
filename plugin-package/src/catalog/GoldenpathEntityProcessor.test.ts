import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogProcessorResult } from '@backstage/plugin-catalog-node';
import { type CatalogOptions, checkCatalogFile } from 'goldenpath';
import { GoldenpathEntityProcessor } from './GoldenpathEntityProcessor';
import { ReportMemory } from './ReportMemory';

const location = {
  type: 'url',
  target: 'https://example.com/catalog-info.yaml',
};

const TEXT = `# the payments team's
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payment-service
spec:
  type: service
  lifecycle: 1
  owner: [team-a]
  onwer: team-a
  dependsOn: ['component:z', '::x']
`;

const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'payment-service' },
  spec: {
    type: 'service',
    lifecycle: 1,
    owner: ['team-a'],
    onwer: 'team-a',
    // Backstage sorts these before our processor runs
    dependsOn: ['::x', 'component:z'],
  },
};

describe('GoldenpathEntityProcessor', () => {
  const logger = mockServices.logger.mock();
  const stored = new Map<string, unknown>();
  const cache = {
    get: async (key: string) => stored.get(key) as any,
    set: async (key: string, value: unknown) => void stored.set(key, value),
  };

  beforeEach(() => {
    jest.resetAllMocks();
    stored.clear();
  });

  async function errorsOf(
    subject: Entity,
    memory = new ReportMemory(),
    options: CatalogOptions = {},
  ) {
    const processor = new GoldenpathEntityProcessor({
      options,
      memory,
      logger,
    });
    const results: CatalogProcessorResult[] = [];
    const returned = await processor.preProcessEntity(
      subject,
      location,
      result => results.push(result),
      location,
      cache,
    );
    expect(returned).toBe(subject);
    return results.map(result =>
      result.type === 'error' ? result.error.message : result.type,
    );
  }

  function remembered() {
    const memory = new ReportMemory();
    const file = { name: location.target, content: TEXT };
    memory.remember(location, file, checkCatalogFile(file));
    return memory;
  }

  it('emits every error, at its place in the file', async () => {
    const errors = await errorsOf(entity, remembered());
    expect(errors).toEqual([
      expect.stringContaining(`${location.target}:8:14`),
      expect.stringContaining(`${location.target}:9:10`),
      expect.stringContaining(`${location.target}:11:30`),
    ]);
  });

  it('emits the same errors without the file, at their places in the entity', async () => {
    const headline = (message: string) => message.split('\n')[0];
    const withFile = await errorsOf(entity, remembered());
    const withoutFile = await errorsOf(entity);
    expect(withoutFile.map(headline)).toEqual(withFile.map(headline));
    expect(withoutFile[0]).toContain('component:default/payment-service:');
  });

  it('judges the entity and not the file', async () => {
    const repaired = {
      ...entity,
      spec: { type: 'service', lifecycle: 'production', owner: 'team-a' },
    };
    expect(await errorsOf(repaired, remembered())).toEqual([]);
  });

  it('gathers errors when there are very many', async () => {
    const tags = Array.from({ length: 30 }, (_, index) => `Tag${index}`);
    const errors = await errorsOf({
      ...entity,
      metadata: { name: 'payment-service', tags },
      spec: { type: 'service', lifecycle: 'production', owner: 'team-a' },
    });
    expect(errors).toHaveLength(21);
    expect(tags.filter(tag => !errors.join().includes(`\`${tag}\``))).toEqual(
      [],
    );
  });

  it('logs warnings once', async () => {
    const warned = {
      ...entity,
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: 'team-a',
        sytem: 'shop',
      },
    };
    expect(await errorsOf(warned)).toEqual([]);
    expect(await errorsOf(warned)).toEqual([]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('did you mean `system`?'),
    );
  });

  it.each([
    ['no spec', { spec: undefined }],
    ['a spec that is a list', { spec: ['a'] }],
    ['null everywhere', { spec: null, relations: null }],
    ['a number for a namespace', { metadata: { name: 'a', namespace: 'B C' } }],
  ])('takes an entity with %s', async (_what, change) => {
    const odd = { ...entity, ...change } as unknown as Entity;
    expect(await errorsOf(odd)).not.toEqual([]);
  });

  it('refuses a template that does not ask the policy, with all that is wrong', async () => {
    const options: CatalogOptions = {
      governedTemplates: [
        {
          types: ['service'],
          permission: 'goldenpath.service.create',
          actions: ['fetch:template'],
        },
      ],
    };
    const ask = {
      action: 'goldenpath:policy:check',
      input: { permission: 'goldenpath.service.create' },
    };
    const template = (...steps: object[]) => ({
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'new-service' },
      spec: { type: 'service', steps },
    });

    const refused = template(
      { action: 'fetch:template' },
      { action: 'publish:github' },
    );
    // what was a placeholder in the file is judged as it was resolved, in the entity
    const text = 'kind: Template\nspec: { steps: { $yaml: steps.yaml } }\n';
    const memory = new ReportMemory();
    const file = { name: location.target, content: text };
    memory.remember(location, file, checkCatalogFile(file, options));
    const errors = await errorsOf(refused as Entity, memory, options);
    expect(errors).toEqual([
      expect.stringMatching(/missing-policy-check.*\n --> template:.*:8:13/),
      expect.stringMatching(/`publish:github`\n --> template:.*:9:13/),
    ]);

    const accepted = template(ask, { action: 'fetch:template' });
    await expect(
      errorsOf(accepted as Entity, undefined, options),
    ).resolves.toEqual([]);
  });

  it('warns only, where a rule is on trial', async () => {
    const options: CatalogOptions = {
      rules: { 'catalog/wrong-type': { Component: 'warning' } },
    };
    const errors = await errorsOf(entity, undefined, options);
    expect(errors.join()).not.toContain('wrong-type');
    expect(errors).not.toHaveLength(0);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('warning[catalog/wrong-type]: `spec.owner`'),
    );
  });
});
