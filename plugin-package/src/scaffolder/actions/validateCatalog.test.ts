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
      ['findings', []],
      ['summary', { files: 2, entities: 2, warnings: 0, infos: 0 }],
    ]);
  });

  it('tells what it lets pass, and can let no warning pass', async () => {
    const content = { 'catalog-info.yaml': `${GOOD}  sytem: shop\n` };
    const outputs = await validate(content);
    expect(outputs.slice(1)).toEqual([
      [
        'findings',
        [
          {
            file: 'catalog-info.yaml',
            line: 9,
            column: 3,
            code: 'catalog/unknown-field',
            severity: 'warning',
            message: expect.stringContaining('`spec.sytem`'),
            help: 'did you mean `system`?',
          },
        ],
      ],
      ['summary', { files: 1, entities: 1, warnings: 1, infos: 0 }],
    ]);
    await expect(validate(content, { failOn: 'warning' })).rejects.toThrow(
      'warning[catalog/unknown-field]',
    );
  });

  it('follows Locations, but not out of the workspace', async () => {
    const location = (target: string) => `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: all }
spec: { target: ${target} }
`;
    const content = {
      'catalog-info.yaml': location('./parts/*.yaml'),
      parts: { 'a.yaml': GOOD, 'b.yaml': GOOD.replace('owner', 'onwer') },
    };
    const failure = await validate(content).catch(error => error);
    expect(failure.message).toContain('--> parts/b.yaml:');
    expect(failure.message).toContain('`owner`');

    await expect(
      validate({ 'catalog-info.yaml': location('./none.yaml') }),
    ).rejects.toThrow(
      'error[catalog/missing-target]: `./none.yaml` is no file',
    );

    folder.setContent({
      'secret.yaml': 'secret',
      workspace: { 'catalog-info.yaml': location('../secret.yaml') },
    });
    const { message } = await action
      .handler(
        createMockActionContext({
          input: { failOn: 'warning' as const },
          workspacePath: folder.resolve('workspace'),
        }),
      )
      .catch((error: Error) => error as any);
    expect(message).toContain('warning[catalog/target-outside]');
    expect(message).not.toContain('--> ../secret.yaml');
  });

  it('reads what placeholders mean, within the workspace', async () => {
    const api = (file: string) => `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: shop }
spec:
  type: openapi
  lifecycle: production
  owner: team-a
  definition: { $text: ${file} }
`;
    const { message } = await validate({
      service: {
        'catalog-info.yaml': api('./opnapi.yaml'),
        'openapi.yaml': '',
      },
    }).catch(error => error);
    expect(message).toMatch(/error\[.*service\/catalog-info.yaml:8:/s);
    expect(message).toContain('did you mean `./openapi.yaml`?');

    folder.setContent({
      'secret.yaml': 'secret',
      workspace: { 'catalog-info.yaml': api('../secret.yaml') },
    });
    const ctx = createMockActionContext({
      input: {},
      workspacePath: folder.resolve('workspace'),
    });
    await expect(action.handler(ctx)).rejects.toThrow('../secret.yaml');
  });

  it('takes the rules of a file of the workspace', async () => {
    const content = {
      'catalog-info.yaml': `${GOOD}  sytem: shop\n`,
      'goldenpath.yaml': 'catalog: { unknownFields: error }\n',
      'reads.yaml': 'catalog: { kinds: [../../kinds.yaml] }\n',
      'broken.yaml': 'catalog: { unknownFeilds: error }\n',
    };
    await expect(
      validate(content, { config: 'goldenpath.yaml' }),
    ).rejects.toThrow('error[catalog/unknown-field]');
    await expect(validate(content, { config: 'broken.yaml' })).rejects.toThrow(
      'did you mean `unknownFields`?',
    );
    await expect(validate(content, { config: 'reads.yaml' })).rejects.toThrow(
      '`reads.yaml` names files with kinds, which are not read here',
    );
    await expect(validate(content, { config: 'none.yaml' })).rejects.toThrow(
      '`none.yaml` of the workspace cannot be read: ENOENT',
    );
    await expect(validate(content, { config: '../a.yaml' })).rejects.toThrow();
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
          {
            'catalog-info.yaml': GOOD,
            'goldenpath.yaml': 'catalog: {}\n',
            catalog: { 'a.yaml': GOOD },
          },
          step.input,
        ),
      ).resolves.toContainEqual(['entityRefs', ['component:default/shop']]);
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
