import assert from 'node:assert/strict';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  askVerbs,
  EXPECTED,
  policyAct,
  waitForDirectory,
} from '../../examples/backstage/demo/policyAct.ts';
import {
  refOf,
  RequestError,
  waitFor,
} from '../../examples/backstage/demo/portal.ts';
import { failToStart, openLab } from './lab.ts';

const POLICY = join(import.meta.dirname, '../../examples/policy');
const RESOURCE = 'resource:default/payments-database';

const STRICTER = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules: [{ id: closed, effect: deny, permissions: [catalog.entity.read] }]
`;

const config = (directory: string) => ({
  goldenpath: { policy: { files: [join(directory, 'policy/*.yaml')] } },
});
const copyPolicy = (directory: string) =>
  cp(POLICY, join(directory, 'policy'), { recursive: true });

const lab = await openLab({ config, prepare: copyPolicy });

after(() => lab.close());

test('the act shows what it claims', async () => {
  assert.equal(
    await policyAct(lab.stage),
    true,
    lab.stage.terminal.recording(),
  );
});

before(() => waitForDirectory(lab.stage));

for (const [ref, expected] of Object.entries(EXPECTED)) {
  for (const [name, verbs] of Object.entries(expected)) {
    test(`${name} may ${verbs.join(', ') || 'nothing'} on ${ref}`, async () => {
      const user = await lab.stage.signIn(name);
      assert.deepEqual(await askVerbs(user, ref), verbs);
    });
  }
}

test('a confidential entity is absent from lists and from its own address', async () => {
  const erin = await lab.stage.signIn('erin');
  const olivia = await lab.stage.signIn('olivia');
  assert.ok(!(await erin.entities()).map(refOf).includes(RESOURCE));
  assert.ok((await olivia.entities()).map(refOf).includes(RESOURCE));
  await assert.rejects(erin.entity(RESOURCE), { status: 404 });
  assert.equal(refOf(await olivia.entity(RESOURCE)), RESOURCE);
});

test('a denied deletion deletes nothing', async () => {
  const erin = await lab.stage.signIn('erin');
  const olivia = await lab.stage.signIn('olivia');
  const { uid } = (
    await olivia.get(
      '/api/catalog/entities/by-name/component/default/payment-service',
    )
  ).metadata;
  await assert.rejects(
    erin.delete(`/api/catalog/entities/by-uid/${uid}`),
    (error: RequestError) => error.status === 403,
  );
  assert.equal(
    refOf(await olivia.entity('component:default/payment-service')),
    'component:default/payment-service',
  );
});

test('users are told why they may not, with the rule and its line', async () => {
  const erin = await lab.stage.signIn('erin');
  const olivia = await lab.stage.signIn('olivia');
  const explanation = await erin.post('/api/goldenpath/explain', {
    permission: {
      name: 'catalog.entity.delete',
      action: 'delete',
      resourceType: 'catalog-entity',
    },
    resource: await olivia.entity('component:default/payment-service'),
  });
  assert.equal(explanation.decision.result, 'DENY');
  assert.equal(explanation.nearestMiss.rule, 'look-after-ones-own');
  assert.match(explanation.text, /policy\/catalog\.yaml:27/);
});

test('only those who may read the policy are told what others may', async () => {
  const erin = await lab.stage.signIn('erin');
  const petra = await lab.stage.signIn('petra');
  const question = { permission: { name: 'goldenpath.policy.read' } };
  await assert.rejects(
    erin.post('/api/goldenpath/who-can', question),
    (error: RequestError) => error.status === 403,
  );
  const { answers } = await petra.post('/api/goldenpath/who-can', question);
  assert.deepEqual(
    answers.flatMap(({ users }: { users: string[] }) => users),
    ['user:default/petra'],
  );
});

test('nobody is asked without a token', async () => {
  const response = await fetch(`${lab.stage.url}/api/catalog/entities`);
  assert.equal(response.status, 401);
});

test('a policy that turns invalid leaves the last good one in force, and says so', async () => {
  const file = join(lab.directory, 'policy/catalog.yaml');
  const stricter = join(lab.directory, 'policy/stricter.yaml');
  const good = await readFile(file, 'utf8');
  const erin = await lab.stage.signIn('erin');
  const earlier = await askVerbs(erin, 'component:default/payment-service');

  await replace(
    file,
    good.replaceAll('catalog.entity.read', 'catalog.entity.raed'),
  );
  await waitFor(
    'the diagnostic in the log',
    async () => lab.backstage.log.includes('catalog.entity.raed') || undefined,
  );
  assert.match(lab.backstage.log, /error\[policy\/unknown-permission\]/);
  assert.match(lab.backstage.log, /catalog\.yaml:\d+:\d+/);
  assert.deepEqual(
    await askVerbs(erin, 'component:default/payment-service'),
    earlier,
  );

  // Repaired, and with one more file: now it counts.
  await replace(file, good);
  await replace(stricter, STRICTER);
  await waitFor('the stricter policy', async () => {
    const verbs = await askVerbs(erin, 'component:default/payment-service');
    return verbs.length === 0 || undefined;
  });
  await rm(stricter);
  await waitFor('the first policy again', async () => {
    const verbs = await askVerbs(erin, 'component:default/payment-service');
    return verbs.join() === earlier.join() || undefined;
  });
});

test('an invalid policy stops the start, with its diagnostic', async () => {
  const { code, log } = await failToStart(config, async directory => {
    await copyPolicy(directory);
    const file = join(directory, 'policy/catalog.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('catalog.entity.refresh', 'catalog.entity.refersh'),
    );
  });
  assert.equal(code, 1, log);
  assert.match(log, /error\[policy\/unknown-permission\]/);
  assert.match(log, /catalog\.yaml:\d+:\d+/);
  assert.match(log, /did you mean `catalog\.entity\.refresh`/);
});

test('a missing policy stops the start, and says where it was looked for', async () => {
  const { code, log } = await failToStart(config, async () => {});
  assert.equal(code, 1, log);
  assert.match(log, /policy\/\*\.yaml/);
});

/** In one step, as editors and deployments do. */
async function replace(file: string, text: string) {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
