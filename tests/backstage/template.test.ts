import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { registerLocations } from '../../examples/backstage/demo/catalog.ts';
import {
  refOf,
  RequestError,
  waitFor,
} from '../../examples/backstage/demo/portal.ts';
import {
  runTemplate,
  type TaskEvent,
} from '../../examples/backstage/demo/scaffolder.ts';
import { templateAct } from '../../examples/backstage/demo/templateAct.ts';
import { openLab } from './lab.ts';

/** Skeletons with one mistake each, beside a file that is fine; and what must be said of it. */
const MISTAKES: Record<
  string,
  { files: Record<string, string>; says: RegExp[] }
> = {
  'unknown-variable': {
    files: { 'b.txt': 'line one\nfor ${{ values.nmae }}\n' },
    says: [/error\[template\/[a-z-]+\]/, /b\.txt:2:\d+/, /nmae/],
  },
  'undefined-filter': {
    files: { 'b.txt': '${{ values.name | uper }}\n' },
    says: [/error\[template\/[a-z-]+\]/, /b\.txt:1:\d+/, /uper/],
  },
  'unclosed-block': {
    files: { 'b.txt': 'a\n{% if values.name %}\nb\n' },
    says: [/error\[template\/[a-z-]+\]/, /b\.txt:\d+:\d+/],
  },
  'way-out': {
    files: { '${{ values.up }}': 'escaped\n' },
    says: [/error\[template\/[a-z-]+\]/, /\.\.\/\.\.\/escaped/],
  },
};

const lab = await openLab({
  repositories: directory => ({
    'acme/templates': join(directory, 'templates'),
  }),
  config: directory => ({
    backend: { workingDirectory: join(directory, 'work') },
  }),
  async prepare(directory) {
    await mkdir(join(directory, 'work'));
    for (const [name, { files }] of Object.entries(MISTAKES)) {
      const skeleton = join(directory, 'templates', name, 'skeleton');
      await mkdir(skeleton, { recursive: true });
      await writeFile(
        join(directory, 'templates', name, 'template.yaml'),
        templateOf(name),
      );
      await writeFile(join(skeleton, 'a.txt'), 'fine: ${{ values.name }}\n');
      for (const [path, text] of Object.entries(files)) {
        await writeFile(join(skeleton, path), text);
      }
    }
  },
});

before(async () => {
  const petra = await lab.stage.signIn('petra');
  await registerLocations(
    petra,
    Object.keys(MISTAKES).map(
      name =>
        `${lab.github.url}/acme/templates/blob/main/${name}/template.yaml`,
    ),
  );
});

after(() => lab.close());

test('the act shows what it claims', async () => {
  assert.equal(
    await templateAct(lab.stage),
    true,
    lab.stage.terminal.recording(),
  );
});

test('the new repository holds what the form said', async () => {
  const { github } = lab.stage;
  const entry = await github.content(
    'acme',
    'refund-service',
    'catalog-info.yaml',
  );
  assert.match(entry, /name: "refund-service"/);
  // What YAML would take for syntax is still text.
  assert.match(
    entry,
    /description: "Pays customers back: \\"quoted\\", # not a comment"/,
  );
  const workflow = await github.content(
    'acme',
    'refund-service',
    '.github/workflows/ci.yml',
  );
  assert.doesNotMatch(workflow, /values\./);
  assert.equal(
    JSON.parse(
      await github.content('acme', 'refund-service', 'package.json'),
    ).name.includes('refund-service'),
    true,
  );
});

test('a page for the platform team is not seen by others', async () => {
  const schemaOf = async (name: string) => {
    const user = await lab.stage.signIn(name);
    const path =
      '/api/scaffolder/v2/templates/default/template/new-service/parameter-schema';
    return (await user.get(path)).steps.map(
      ({ title }: { title: string }) => title,
    );
  };
  assert.ok((await schemaOf('petra')).includes('Quota'));
  assert.ok(!(await schemaOf('olivia')).includes('Quota'));
});

test('a form that breaks its schema starts nothing', async () => {
  const olivia = await lab.stage.signIn('olivia');
  const earlier = await lab.stage.github.repositories('acme');
  await assert.rejects(
    olivia.post('/api/scaffolder/v2/tasks', {
      templateRef: 'template:default/new-service',
      values: { name: 'Not A Name', owner: 'group:default/payments' },
    }),
    (error: RequestError) =>
      error.status === 400 && error.body.includes('pattern'),
  );
  assert.deepEqual(await lab.stage.github.repositories('acme'), earlier);
});

test('the task of another is nobody else’s to read', async () => {
  const olivia = await lab.stage.signIn('olivia');
  const erin = await lab.stage.signIn('erin');
  const { tasks } = await olivia.get('/api/scaffolder/v2/tasks');
  assert.ok(tasks.length > 0);
  await assert.rejects(
    erin.get(`/api/scaffolder/v2/tasks/${tasks[0].id}`),
    (error: RequestError) => [403, 404].includes(error.status),
  );
});

for (const [name, { says }] of Object.entries(MISTAKES)) {
  test(`a skeleton with a mistake (${name}) writes nothing and publishes nothing`, async () => {
    const petra = await lab.stage.signIn('petra');
    const ref = `template:default/${name}`;
    await waitFor(ref, async () => {
      const refs = (await petra.entities()).map(refOf);
      return refs.includes(ref) || undefined;
    });
    const events: TaskEvent[] = [];
    const { status, completion } = await runTemplate(
      petra,
      ref,
      {
        name: 'half',
        up: '../../escaped',
        repoUrl: `${lab.github.host}?owner=acme&repo=half-${name}`,
      },
      event => events.push(event),
    );
    const said = `${completion.error?.message}\n${events
      .map(({ body }) => body.message)
      .join('\n')}`;
    assert.equal(status, 'failed', said);
    for (const pattern of says) {
      assert.match(said, pattern);
    }
    // The last step runs whatever happened, and lists the workspace.
    assert.match(said, /the workspace holds \[\]/);
    assert.ok(
      !(await lab.stage.github.repositories('acme')).includes(`half-${name}`),
    );
  });
}

test('GitHub was asked for nothing that the stand-in does not know', () => {
  assert.deepEqual(lab.github.unknown, []);
});

function templateOf(name: string): string {
  return `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: ${name}
spec:
  type: service
  owner: platform
  parameters:
    properties:
      name: { type: string }
      up: { type: string }
      repoUrl: { type: string }
  steps:
    - id: render
      action: goldenpath:template:render
      input:
        url: ./skeleton
        targetPath: .
        values:
          name: \${{ parameters.name }}
          up: \${{ parameters.up }}
    - id: publish
      action: publish:github
      input:
        repoUrl: \${{ parameters.repoUrl }}
    - id: list
      if: \${{ always() }}
      action: fs:readdir
      input:
        paths: ['.']
        recursive: true
    - id: tell
      if: \${{ always() }}
      action: debug:log
      input:
        message: the workspace holds \${{ steps.list.output.files | dump }}
`;
}
