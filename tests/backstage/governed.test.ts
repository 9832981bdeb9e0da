import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  asBlob,
  registerLocations,
  waitForRejections,
} from '../../examples/backstage/demo/catalog.ts';
import { refOf, waitFor } from '../../examples/backstage/demo/portal.ts';
import { runTemplate } from '../../examples/backstage/demo/scaffolder.ts';
import { waitForDirectory } from '../../examples/backstage/demo/policyAct.ts';
import { openLab } from './lab.ts';

const POLICY = join(import.meta.dirname, '../../examples/policy');

const ENVIRONMENTS = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - id: make-environments
    effect: allow
    role: platform-engineer
    permissions: [goldenpath.environment.create]
`;

const CHECK = `- id: policy
      action: goldenpath:policy:check
      input: { permission: goldenpath.environment.create }
    - id: render
      action: goldenpath:template:render
      input: { url: ./skeleton }
`;

const UNGOVERNED = `- action: goldenpath:template:render
      input: { url: ./skeleton }
    - action: publish:github
      input: { repoUrl: '\${{ parameters.repoUrl }}' }
`;

/** Templates by the name of their file, and what must be said of them; nothing of one that is fine. */
const TEMPLATES: Record<string, { text: string; says: RegExp[] }> = {
  'governed.yaml': { text: template('governed', CHECK), says: [] },
  'not-for-us.yaml': {
    text: template('not-for-us', UNGOVERNED).replace('environment', 'website'),
    says: [],
  },
  'ungoverned.yaml': {
    text: template('ungoverned', UNGOVERNED),
    says: [
      /^error\[catalog\/missing-policy-check\]: the first step is `goldenpath:template:render`.*\n +--> \S+\/ungoverned\.yaml:8:15\n/m,
      /^error\[catalog\/action-not-allowed\]: .* `publish:github`\n +--> \S+\/ungoverned\.yaml:10:15\n/m,
    ],
  },
  'skippable.yaml': {
    text: template(
      'skippable',
      CHECK.replace('check\n', 'check\n      if: ${{ parameters.careful }}\n'),
    ),
    says: [
      /^error\[catalog\/skippable-policy-check\].*\n +--> \S+\/skippable\.yaml:10:7\n/m,
    ],
  },
  // what the file does not say is judged when Backstage has fetched it
  'elsewhere.yaml': {
    text: template('elsewhere', '$yaml: ./steps.yaml\n'),
    says: [
      /^error\[catalog\/missing-policy-check\]: the first step is `goldenpath:catalog:validate`.*\n +--> template:default\/elsewhere:\d+:\d+\n/m,
    ],
  },
};

function template(name: string, steps: string): string {
  return `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: ${name} }
spec:
  type: environment
  owner: platform
  steps:
    ${steps}`;
}

const lab = await openLab({
  repositories: directory => ({
    'acme/templates': join(directory, 'templates'),
  }),
  config: directory => ({
    goldenpath: {
      policy: {
        files: [`${POLICY}/*.yaml`, join(directory, 'environments.yaml')],
      },
      catalog: {
        governedTemplates: [
          {
            types: ['environment'],
            permission: 'goldenpath.environment.create',
            actions: ['goldenpath:*', 'publish:github:pull-request'],
          },
        ],
      },
    },
  }),
  async prepare(directory) {
    const templates = join(directory, 'templates');
    await writeFile(join(directory, 'environments.yaml'), ENVIRONMENTS);
    await mkdir(join(templates, 'skeleton'), { recursive: true });
    await writeFile(join(templates, 'skeleton/a.txt'), 'made\n');
    await writeFile(
      join(templates, 'steps.yaml'),
      '- action: goldenpath:catalog:validate\n',
    );
    for (const [name, { text }] of Object.entries(TEMPLATES)) {
      await writeFile(join(templates, name), text);
    }
  },
});

after(() => lab.close());

test('the catalogue takes only templates that ask the policy first', async t => {
  const petra = await lab.stage.signIn('petra');
  const address = (name: string) =>
    `${lab.github.url}/acme/templates/blob/main/${name}`;
  const names = Object.keys(TEMPLATES);
  const refused = names.filter(name => TEMPLATES[name].says.length > 0);
  const accepted = names.filter(name => !refused.includes(name));
  await registerLocations(petra, names.map(address));
  const rejections = await waitForRejections(petra, refused.map(address));

  for (const name of refused) {
    await t.test(`${name} is refused`, () => {
      const errors = rejections
        .filter(({ location }) => location === address(name))
        .flatMap(rejection => rejection.errors);
      assert.equal(errors.length, TEMPLATES[name].says.length, errors.join());
      for (const says of TEMPLATES[name].says) {
        assert.match(asBlob(errors.join('\n')), says);
      }
    });
  }

  const ref = (name: string) => `template:default/${name.replace('.yaml', '')}`;
  await waitFor('the templates that are fine', async () => {
    const refs = (await petra.entities()).map(refOf);
    return accepted.every(name => refs.includes(ref(name))) || undefined;
  });
  const refs = (await petra.entities()).map(refOf);
  assert.deepEqual(
    refused.filter(name => refs.includes(ref(name))),
    [],
  );
});

test('one that is taken does nothing for users whom the policy says no', async () => {
  await waitForDirectory(lab.stage);
  const run = async (name: string) => {
    const user = await lab.stage.signIn(name);
    const steps = new Map<string, string>();
    const { status, completion } = await runTemplate(
      user,
      'template:default/governed',
      {},
      ({ body: { stepId, status: now } }) => {
        if (stepId && now) steps.set(stepId, now);
      },
    );
    return { status, steps, error: completion.error?.message };
  };

  const erin = await run('erin');
  assert.equal(erin.status, 'failed');
  assert.deepEqual(Object.fromEntries(erin.steps), {
    policy: 'failed',
    render: 'skipped',
  });
  assert.match(erin.error ?? '', /no rule allows it/);

  const petra = await run('petra');
  assert.deepEqual([petra.status, petra.error], ['completed', undefined]);
  assert.deepEqual(Object.fromEntries(petra.steps), {
    policy: 'completed',
    render: 'completed',
  });
});
