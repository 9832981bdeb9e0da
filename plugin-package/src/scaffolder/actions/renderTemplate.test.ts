import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { createRenderTemplateAction } from './renderTemplate';

describe('goldenpath:template:render', () => {
  const folder = createMockDirectory();
  const reader = mockServices.urlReader.mock();
  const integrations = ScmIntegrations.fromConfig(
    new ConfigReader({
      integrations: { github: [{ host: 'github.com', token: 't' }] },
    }),
  );
  const workspace = () => folder.resolve('workspace');

  async function render(
    skeleton: Record<string, any>,
    input: Record<string, any> = {},
    before: Record<string, any> = {},
    logger = mockServices.logger.mock(),
  ) {
    folder.setContent({ template: { skeleton }, workspace: before, temp: {} });
    const action = createRenderTemplateAction({ reader, integrations });
    const ctx = {
      ...createMockActionContext({
        input: { url: './skeleton', answers: false, ...input },
        secrets: { token: 'hunter2' },
        logger,
        workspacePath: workspace(),
        templateInfo: {
          entityRef: 'template:default/test',
          baseUrl: pathToFileURL(folder.resolve('template/template.yaml')).href,
        },
      }),
      createTemporaryDirectory: async () => folder.resolve('temp'),
    };
    await action.handler(ctx as any);
    return (ctx.output as jest.Mock).mock.calls;
  }

  it('renders names and contents', async () => {
    const outputs = await render(
      {
        '${{ values.name }}.txt': 'hello ${{ values.name | upper }}',
        sub: { 'plain.txt': 'plain' },
      },
      { values: { name: 'ann' }, targetPath: 'out' },
    );
    expect(readFileSync(`${workspace()}/out/ann.txt`, 'utf8')).toBe(
      'hello ANN',
    );
    expect(readFileSync(`${workspace()}/out/sub/plain.txt`, 'utf8')).toBe(
      'plain',
    );
    expect(outputs).toEqual([
      [
        'files',
        expect.arrayContaining([
          { path: 'ann.txt', kind: 'file', action: 'rendered' },
        ]),
      ],
    ]);
  });

  it('includes files of the skeleton, and no others', async () => {
    await render(
      {
        'a.txt': '{% include "parts/hello.txt" %}',
        parts: { 'hello.txt': 'hello ${{ values.name }}' },
      },
      { values: { name: 'ann' }, partials: ['parts/**'] },
    );
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe('hello ann');
    expect(existsSync(`${workspace()}/parts`)).toBe(false);
    await expect(
      render({ 'a.txt': '{% include "../template.yaml" %}' }),
    ).rejects.toThrow(/there is no template `..\/template.yaml`/);
  });

  it('has the filters of Backstage', async () => {
    await render(
      {
        'a.txt':
          '${{ values.repo | parseRepoUrl | pick("owner") }} ${{ values.repo | projectSlug }} ${{ values.owner | parseEntityRef | pick("name") }}',
      },
      {
        values: {
          repo: 'github.com?owner=acme&repo=shop',
          owner: 'group:default/team-a',
        },
      },
    );
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe(
      'acme acme/shop team-a',
    );
  });

  it('writes nothing if anything is wrong, and says everything that is', async () => {
    const skeleton = {
      'a.txt': 'fine',
      'b.txt': 'line one\n${{ values.nmae }}\n',
      'c.txt': '${{ values.name | uper }}',
    };
    const failure = await render(skeleton, { values: { name: 'ann' } }).catch(
      error => error,
    );
    expect(failure.name).toBe('InputError');
    expect(failure.message).toContain('b.txt:2:');
    expect(failure.message).toContain('values.nmae');
    expect(failure.message).toContain('c.txt:1:');
    expect(failure.message).toContain('uper');
    expect(readdirSync(workspace())).toEqual([]);
  });

  it('shows the name of a file if that is wrong', async () => {
    await expect(
      render(
        { '${{ values.nmae }}.txt': 'content' },
        { values: { name: 'a' } },
      ),
    ).rejects.toThrow('1 | ${{ values.nmae }}.txt\n  |            ^^^^');
  });

  it('takes undefined names as empty text if not strict', async () => {
    await render({ 'a.txt': '[${{ values.nmae }}]' }, { strict: false });
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe('[]');
  });

  it.each(['../outside', 'a/../../outside', 'a\0b'])(
    'refuses the name %j, and writes nothing',
    async name => {
      await expect(
        render(
          { '${{ values.name }}': 'x', 'other.txt': 'y' },
          { values: { name } },
        ),
      ).rejects.toThrow('nothing was written');
      expect(existsSync(folder.resolve('outside'))).toBe(false);
      expect(readdirSync(workspace())).toEqual([]);
    },
  );

  it('writes values as they are, or so that they cannot rewrite a file', async () => {
    const skeleton = {
      '.github': { workflows: { 'ci.yaml': 'a: ${{ secrets.TOKEN }}' } },
      '${{ values.file }}.yaml': 'name: ${{ values.name }}',
    };
    const values = { file: 'catalog-info', name: 'a: b' };
    await render(skeleton, { values, strict: false });
    const read = (name: string) =>
      readFileSync(`${workspace()}/${name}`, 'utf8');
    expect(read('catalog-info.yaml')).toBe('name: a: b');
    expect(read('.github/workflows/ci.yaml')).toBe('a: ');

    await render(skeleton, { values, escape: 'auto' });
    expect(read('catalog-info.yaml')).toBe('name: "a: b"');
    expect(read('.github/workflows/ci.yaml')).toBe('a: ${{ secrets.TOKEN }}');
  });

  it('takes other delimiters', async () => {
    const skeleton = { '[[ values.name ]].txt': '[[ values.name ]] ${{ x }}' };
    const values = { name: 'a' };
    const tags = { variableStart: '[[', variableEnd: ']]' };
    await render(skeleton, { values, tags });
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe('a ${{ x }}');

    await expect(
      render(skeleton, { values, tags: { variableStart: '{%' } }),
    ).rejects.toThrow('`tags.blockStart` and `tags.variableStart` are both');
  });

  it('leaves out a file whose name is rendered to nothing, or to an absolute path', async () => {
    for (const name of ['', '/outside']) {
      await render(
        { '${{ values.name }}': 'x', 'other.txt': 'y' },
        { values: { name } },
      );
      expect(readdirSync(workspace())).toEqual(['other.txt']);
    }
  });

  it('refuses to write through a symbolic link out of the workspace', async () => {
    const before = {
      '../outside': {},
      link: ({ symlink }: { symlink(target: string): void }) =>
        symlink('../outside'),
    };
    await expect(
      render({ link: { 'a.txt': 'a' } }, { replace: true }, before),
    ).rejects.toThrow('nothing was written');
  });

  it('renders a local skeleton where it lies', async () => {
    await render({ 'a.txt': '${{ 1 + 1 }}' });
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe('2');
    expect(readdirSync(folder.resolve('temp'))).toEqual([]);
    expect(
      readFileSync(folder.resolve('template/skeleton/a.txt'), 'utf8'),
    ).toBe('${{ 1 + 1 }}');
  });

  it('reads no skeleton outside the folder of a local template', async () => {
    await expect(render({}, { url: '../temp' })).rejects.toThrow('not allowed');
  });

  it('refuses a targetPath outside the workspace', async () => {
    await expect(
      render({ 'a.txt': 'a' }, { targetPath: '../x' }),
    ).rejects.toThrow('not allowed');
  });

  it('keeps files of the workspace unless told to replace them', async () => {
    const before = { 'a.txt': 'old' };
    await render({ 'a.txt': 'new' }, {}, before);
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe('old');
    await render({ 'a.txt': 'new' }, { replace: true }, before);
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe('new');
  });

  it('keeps executable files executable', async () => {
    const { chmodSync } = jest.requireActual('node:fs');
    reader.readTree.mockResolvedValue({
      files: async () => [],
      archive: async () => {
        throw new Error('not used');
      },
      dir: async options => {
        const target = options?.targetDir ?? '';
        folder.addContent({
          'temp/skeleton/run.sh': 'echo ${{ values.name }}',
        });
        chmodSync(folder.resolve('temp/skeleton/run.sh'), 0o755);
        return target;
      },
      etag: '',
    });
    await render(
      {},
      {
        url: 'https://github.com/acme/templates/tree/main/skeleton',
        values: { name: 'ann' },
      },
    );
    expect(statSync(`${workspace()}/run.sh`).mode & 0o777).toBe(0o755);
    expect(readFileSync(`${workspace()}/run.sh`, 'utf8')).toBe('echo ann');
  });

  it('does not take two ways to say what is rendered', async () => {
    await expect(
      render(
        { 'a.txt': '' },
        { templateFileExtension: true, copyWithoutTemplating: ['*'] },
      ),
    ).rejects.toThrow('`templateFileExtension` cannot be used');
  });

  it('has every input of `fetch:template`', () => {
    const inputs = (action: TemplateAction<any, any, any>) =>
      action.schema?.input?.properties as Record<string, { type?: unknown }>;
    const types = (of: Record<string, { type?: unknown }>) =>
      Object.fromEntries(
        Object.entries(of).map(([name, { type }]) => [name, type]),
      );
    const theirs = types(
      inputs(createFetchTemplateAction({ reader, integrations })),
    );
    const ours = types(
      inputs(createRenderTemplateAction({ reader, integrations })),
    );
    expect(Object.keys(theirs).length).toBeGreaterThan(8);
    expect(ours).toMatchObject(theirs);
  });

  it('says that `copyWithoutRender` has no effect', async () => {
    const logger = mockServices.logger.mock();
    await render(
      { 'a.txt': '${{ values.name }}' },
      { values: { name: 'ann' }, copyWithoutRender: ['*'] },
      {},
      logger,
    );
    expect(readFileSync(`${workspace()}/a.txt`, 'utf8')).toBe('ann');
    expect(logger.warn).toHaveBeenCalledWith(
      '`copyWithoutRender` has no effect: use `copyWithoutTemplating`',
    );
  });

  it('verifies what is rendered, and writes nothing if it is not right', async () => {
    const failure = await render(
      {
        'a.yaml': 'name: ${{ values.name }}\n',
        'b.json': '{"name": "${{ values.name }}"}',
        'secret.json': '{"key": ${{ values.key }}}',
        'main.tf': 'a = "${{ values.name }}"\n',
      },
      {
        values: { name: 'a: "b', key: 'hunter2' },
        verify: ['yaml', 'json', 'hcl'],
      },
    ).catch(error => error);
    expect(failure.message).toContain('a.yaml (rendered):1:');
    expect(failure.message).toContain('b.json (rendered):1:');
    expect(failure.message).toContain('secret.json (rendered):1:');
    expect(failure.message).toContain('main.tf (rendered):1:');
    expect(failure.message).not.toContain('hunter2');
    expect(readdirSync(workspace())).toEqual([]);
  });

  it('masks the secrets of the task, and does not write them down', async () => {
    const failure = await render(
      {
        'a.txt': '${{ values.key | replace("x", "y") | uper }}',
        b: '${{ [values.key] | join | nmae }}',
      },
      { values: { key: 'Bearer hunter2' } },
    ).catch(error => error);
    expect(failure.message).toContain('uper');
    expect(failure.message).not.toContain('hunter2');

    await render(
      { 'a.txt': '${{ values.key }}' },
      { values: { key: 'Bearer hunter2', name: 'ann' }, answers: 'a/b.yaml' },
    );
    const answers = readFileSync(`${workspace()}/a/b.yaml`, 'utf8');
    expect(answers).toContain('name: ann');
    expect(answers).toContain('secretValues:\n- key\n');
    expect(answers).not.toContain('hunter2');
  });

  it("asks for the user's token where the portal demands it", async () => {
    const action = createRenderTemplateAction({
      reader,
      integrations,
      requireScmUserCredentials: true,
    });
    const ctx = createMockActionContext({
      input: { url: 'https://github.com/acme/templates/tree/main/skeleton' },
    });
    await expect(action.handler(ctx as any)).rejects.toThrow(
      '`token` is missing',
    );
  });
});
