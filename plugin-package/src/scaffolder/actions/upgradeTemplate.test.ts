import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { parse } from 'yaml';
import { createRenderTemplateAction } from './renderTemplate';
import { createUpgradeTemplateAction } from './upgradeTemplate';
import { examples } from './upgradeTemplate.examples';

describe('goldenpath:template:upgrade', () => {
  const folder = createMockDirectory();
  const services = {
    reader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
  };
  const text = (path: string) =>
    readFileSync(folder.resolve(`workspace/${path}`), 'utf8');

  let temporary = 0;
  function context(input: Record<string, any>, secrets = {}) {
    return {
      ...createMockActionContext({
        input,
        secrets,
        workspacePath: folder.resolve('workspace'),
        templateInfo: {
          entityRef: 'template:default/test',
          baseUrl: pathToFileURL(folder.resolve('template/template.yaml')).href,
        },
      }),
      createTemporaryDirectory: async () => {
        temporary += 1;
        folder.addContent({ [`temp-${temporary}`]: {} });
        return folder.resolve(`temp-${temporary}`);
      },
    } as any;
  }

  /** Renders the old skeleton, edits, upgrades to the new one. */
  async function upgrade(
    [old, edits, renewed]: Record<string, string>[],
    input: Record<string, any> = {},
  ) {
    const secrets = { token: 'hunter2' };
    folder.setContent({
      template: { 'skeleton-v1': old, 'skeleton-v2': renewed },
      workspace: {},
    });
    const values = { name: 'shop', token: 'hunter2' };
    await createRenderTemplateAction(services).handler(
      context({ url: './skeleton-v1', values }, secrets),
    );
    folder.addContent({ workspace: edits });
    const ctx = context(
      { baseUrl: './skeleton-v1', url: './skeleton-v2', ...input },
      secrets,
    );
    await createUpgradeTemplateAction(services).handler(ctx);
    return Object.fromEntries(ctx.output.mock.calls);
  }

  it('follows the template and keeps the edits of the user', async () => {
    const { files, conflicts } = await upgrade(
      [
        { 'a.yaml': 'name: ${{ values.name }}\nversion: 1\n' },
        { 'a.yaml': 'name: shop # ours\nmine: true\nversion: 1\n' },
        {
          'a.yaml': 'name: ${{ values.name }}\nversion: 2\n',
          'port.txt': '${{ values.port }}',
        },
      ],
      { values: { port: 80 } },
    );
    expect(conflicts).toEqual([]);
    expect(files).toEqual([
      { path: 'a.yaml', action: 'merged' },
      { path: 'port.txt', action: 'added' },
    ]);
    expect(text('a.yaml')).toBe('name: shop # ours\nmine: true\nversion: 2\n');
    expect(text('port.txt')).toBe('80');
    expect(parse(text('.goldenpath/answers.yaml'))).toEqual({
      apiVersion: 'goldenpath/v1alpha1',
      kind: 'TemplateAnswers',
      template: { ref: 'template:default/test' },
      values: { name: 'shop', port: 80 },
      secretValues: ['token'],
      options: { escape: 'off', strict: true },
    });
  });

  const both = [
    { 'a.txt': 'a\n' },
    { 'a.txt': 'mine\n' },
    { 'a.txt': 'new\n' },
  ];

  it('marks conflicts', async () => {
    const { conflicts } = await upgrade(both);
    expect(conflicts).toEqual(['a.txt']);
    expect(text('a.txt')).toContain('<<<<<<< repository\nmine\n');
  });

  it('fails on conflicts if told so, and writes nothing', async () => {
    await expect(upgrade(both, { conflicts: 'fail' })).rejects.toThrow(
      'these files have conflicts: a.txt',
    );
    expect(text('a.txt')).toBe('mine\n');
  });

  it('says which skeleton is wrong', async () => {
    await expect(
      upgrade([{ 'a.txt': 'a' }, {}, { 'a.txt': '${{ values.port }}' }]),
    ).rejects.toThrow('new skeleton/a.txt:1:12');
  });

  it('needs answers', async () => {
    folder.setContent({ template: { s: {} }, workspace: {} });
    await expect(
      createUpgradeTemplateAction(services).handler(
        context({ baseUrl: './s', url: './s' }),
      ),
    ).rejects.toThrow('there is no `.goldenpath/answers.yaml`');
    await expect(
      createUpgradeTemplateAction(services).handler(
        context({ baseUrl: './s', url: './s', answers: '../x.yaml' }),
      ),
    ).rejects.toThrow('leads out of the target');
  });

  it.each(examples)('example: $description', async ({ example }) => {
    const [{ action, input }] = parse(example).steps;
    expect(action).toBe('goldenpath:template:upgrade');
    const port = '${{ values.port or 0 }}';
    folder.setContent({
      template: {
        'skeleton-v1': { 'a.txt': 'old' },
        'skeleton-v2': { 'a.txt': input.values ? port : 'new' },
      },
      workspace: {},
    });
    await createRenderTemplateAction(services).handler(
      context({ url: './skeleton-v1', targetPath: input.targetPath }),
    );
    await createUpgradeTemplateAction(services).handler(context(input));
    const path = `${input.targetPath ?? '.'}/a.txt`;
    expect(text(path)).toBe(input.values ? '8080' : 'new');
  });

  it('writes no answers if told so', async () => {
    folder.setContent({ template: { s: { 'a.txt': 'a' } }, workspace: {} });
    await createRenderTemplateAction(services).handler(
      context({ url: './s', answers: false }),
    );
    expect(text('a.txt')).toBe('a');
    expect(existsSync(folder.resolve('workspace/.goldenpath'))).toBe(false);
  });
});
