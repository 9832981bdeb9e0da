import { symlinkSync } from 'node:fs';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { parse } from 'yaml';
import { createValidateCatalogAction } from './validateCatalog';
import { examples } from './validateCatalog.examples';

const GOOD = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
spec:
  type: service
  lifecycle: production
  owner: team-a
`;

describe('goldenpath:catalog:validate', () => {
  const folder = createMockDirectory();
  const action = createValidateCatalogAction();

  async function validate(
    content: Record<string, any>,
    input: Record<string, any> = {},
  ) {
    folder.setContent(content);
    const ctx = createMockActionContext({ input, workspacePath: folder.path });
    await action.handler(ctx);
    return (ctx.output as jest.Mock).mock.calls;
  }

  it('tells which entities it has checked', async () => {
    await expect(
      validate({
        'catalog-info.yaml': GOOD,
        sub: { 'catalog-info.yml': GOOD.replace('shop', 'other') },
        'unrelated.yaml': 'a: b',
      }),
    ).resolves.toEqual([
      ['entityRefs', ['component:default/shop', 'component:default/other']],
    ]);
  });

  it('fails with every error of every file', async () => {
    const failure = await validate({
      'catalog-info.yaml': GOOD.replace('owner: team-a', 'owner: []'),
      sub: { 'catalog-info.yaml': GOOD.replace('kind: Component', 'knd: X') },
    }).catch(error => error);
    expect(failure.name).toBe('InputError');
    expect(failure.message).toContain('catalog-info.yaml:8:10');
    expect(failure.message).toContain('sub/catalog-info.yaml:');
  });

  it('fails if there is nothing to check', async () => {
    await expect(validate({})).rejects.toThrow(
      'no file of the workspace matches `**/catalog-info.{yaml,yml}`',
    );
  });

  it('does not read outside the workspace', async () => {
    folder.setContent({ 'secret.yaml': 'secret', workspace: {} });
    symlinkSync(
      folder.resolve('secret.yaml'),
      folder.resolve('workspace/catalog-info.yaml'),
    );
    for (const files of [['../*.yaml'], ['catalog-info.yaml']]) {
      const ctx = createMockActionContext({
        input: { files },
        workspacePath: folder.resolve('workspace'),
      });
      await expect(action.handler(ctx)).rejects.not.toThrow('secret`');
    }
  });

  it.each(examples.map(({ description, example }) => [description, example]))(
    '%s',
    async (_, example) => {
      const [step] = parse(example).steps;
      expect(step.action).toBe(action.id);
      await expect(
        validate(
          { 'catalog-info.yaml': GOOD, catalog: { 'a.yaml': GOOD } },
          step.input,
        ),
      ).resolves.toEqual([['entityRefs', ['component:default/shop']]]);
    },
  );

  it('can be told not to let misspelt fields pass', async () => {
    const content = { 'catalog-info.yaml': `${GOOD}  sytem: shop\n` };
    await expect(validate(content)).resolves.toBeDefined();
    await expect(validate(content, { unknownFields: 'error' })).rejects.toThrow(
      'did you mean `system`?',
    );
  });

  it('checks as the catalogue of the portal does', async () => {
    const strict = createValidateCatalogAction({
      unknownFields: 'error',
      governedTemplates: [{ types: ['service'] }],
    });
    folder.setContent({
      'catalog-info.yaml': `${GOOD}  sytem: shop\n`,
      'template.yaml': `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: new-service }
spec:
  type: service
  steps: [{ action: fetch:plain }]
`,
    });
    const run = (input: object) =>
      strict.handler(
        createMockActionContext({ input, workspacePath: folder.path }),
      );
    await expect(run({})).rejects.toThrow('did you mean `system`?');
    await expect(run({ unknownFields: 'off' })).resolves.toBeUndefined();
    await expect(run({ files: ['template.yaml'] })).rejects.toThrow(
      'the first step is `fetch:plain`, not `goldenpath:policy:check`',
    );
  });
});
