// What Backstage shows to a user is what the policy allows them, asked about each resource alone:
// Backstage filters lists in its database, by conditions that a decision was folded into.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  entityPermission,
  refOf,
  type Entity,
  type PortalUser,
} from '../../examples/backstage/demo/portal.ts';
import { runTemplate } from '../../examples/backstage/demo/scaffolder.ts';
import {
  CATALOG_POLICIES,
  environmentPolicy,
  LONG_VALUE_POLICY,
  randomPolicy,
} from './lists/policies.ts';
import {
  actionPolicies,
  actions,
  isLet,
  OTHERS_TASKS_POLICY,
  PAGES,
  RUN_POLICY,
  RUNS,
  SINGLE_PAGE,
  STEPS,
  TASK_POLICIES,
  template,
  TEMPLATE_POLICIES,
  TEMPLATES,
} from './lists/scaffolder.ts';
import { readPages, refsOf, Trial } from './lists/Trial.ts';
import { descriptors } from './lists/world.ts';

const THINGS = 240;
const RANDOM_POLICIES = 14;
const ENVIRONMENT_POLICIES = 12;

/** What is done to environments, each with the action that its permission has. */
const ENVIRONMENT_ACTIONS = {
  approve: 'update',
  extend: 'update',
  destroy: 'delete',
};

const PAGE_READ = 'scaffolder.template.parameter.read';
const STEP_READ = 'scaffolder.template.step.read';

const trial = await Trial.open([...descriptors(THINGS), ...TEMPLATES]);

after(() => trial.close());

const ERIN = await trial.lab.stage.signIn('erin');

/** How many lists were neither empty nor everything. */
let partial = 0;
/** How many answers allowed something on some environments only. */
let partOfEnvironments = 0;

for (const policy of CATALOG_POLICIES) {
  test(`catalog-entity, ${policy.name}: lists, addresses and single questions agree`, async () => {
    await trial.use(policy);
    for (const user of trial.users) {
      await listsAgree(user);
      await addressesAgree(user);
      await deletionAgrees(user);
    }
  });
}

test('catalog-entity: lists agree under random policies', async t => {
  for (let seed = 1; seed <= RANDOM_POLICIES; seed += 1) {
    const policy = randomPolicy(seed);
    await t.test(policy.name, async () => {
      await trial.use(policy);
      for (const user of trial.users) {
        await listsAgree(user);
      }
    });
  }
  assert.ok(partial > 40, `only ${partial} lists showed a part`);
});

test('goldenpath-environment: single questions agree under random policies', async t => {
  for (let seed = 1; seed <= ENVIRONMENT_POLICIES; seed += 1) {
    const policy = environmentPolicy(seed);
    await t.test(policy.name, async () => {
      await trial.use(policy);
      for (const user of trial.users) {
        await environmentsAgree(user);
      }
    });
  }
  const message = `only ${partOfEnvironments} answers were about a part`;
  assert.ok(partOfEnvironments > 30, message);
});

for (const policy of TEMPLATE_POLICIES) {
  test(`scaffolder-template, ${policy.name}: pages and steps agree`, async () => {
    await trial.use(policy);
    for (const user of trial.users) {
      const pages = trial.allowed(user, PAGE_READ, PAGES);
      assert.deepEqual(await pagesOf(user, 'tagged'), pages);
      const [only] = trial.allowed(user, PAGE_READ, [SINGLE_PAGE]);
      assert.deepEqual(await pagesOf(user, 'single'), only ? [only] : []);

      const steps = trial.allowed(user, STEP_READ, STEPS);
      assert.deepEqual(await stepsOf(user, 'tagged'), idsOf(steps));
    }
  });
}

const gitHubHost = new URL(trial.lab.github.url).host;

for (const policy of actionPolicies(gitHubHost)) {
  test(`scaffolder-action, ${policy.name}: steps run that may`, async () => {
    await trial.use(policy);
    for (const user of trial.users) {
      const all = actions(gitHubHost);
      const allowed = trial.allowed(user, 'scaffolder.action.execute', all);
      for (const step of all) {
        const run = user.post('/api/scaffolder/v2/dry-run', {
          template: template('dry', {
            parameters: [],
            steps: [{ id: 'step', name: 'step', ...step }],
          }),
          values: {},
          directoryContents: [],
        });
        assert.equal(
          await isLet(run),
          allowed.includes(step),
          `${user.name}: ${JSON.stringify(step)}`,
        );
      }
    }
  });
}

test('scaffolder-action: real tasks are completed if each of their steps may run', async () => {
  await trial.use(RUN_POLICY);
  await Promise.all(
    trial.users.flatMap(user =>
      RUNS.map(async ({ values, steps }) => {
        const allowed = trial.allowed(user, 'scaffolder.action.execute', steps);
        const ref = 'template:default/wait';
        const { status, completion } = await runTemplate(user, ref, values);
        assert.equal(
          status,
          allowed.length === steps.length ? 'completed' : 'failed',
          `${user.name}, ${JSON.stringify({ values, completion })}`,
        );
      }),
    ),
  );
});

for (const policy of TASK_POLICIES) {
  test(`scaffolder-task, ${policy.name}: lists, single tasks and cancelling agree`, async () => {
    await trial.use(policy);
    const { tasks } = await trial.admin('GET', '/api/scaffolder/v2/tasks');
    const ofUsers: Task[] = tasks.filter((task: Task) => task.createdBy);
    assert.ok(ofUsers.length >= 2 * trial.users.length, 'too few tasks');
    for (const user of trial.users) {
      const read = trial.allowed(user, 'scaffolder.task.read', ofUsers);
      const cancel = trial.allowed(user, 'scaffolder.task.cancel', read);
      assert.deepEqual(await taskIds(user), idsOf(read).sort(), user.name);
      for (const task of ofUsers) {
        const path = `/api/scaffolder/v2/tasks/${task.id}`;
        assert.equal(await isLet(user.get(path)), read.includes(task));
        // Backstage fails to cancel a task that had nothing to do.
        if (task.spec.steps.length === 0) continue;
        assert.equal(
          await isLet(user.post(`${path}/cancel`, {})),
          cancel.includes(task),
        );
      }
    }
  });
}

interface Task {
  id: string;
  createdBy?: string;
  spec: { steps: object[] };
}

// What follows is how Backstage is, as the README of the plugin says; here it is seen if it changes.

test('a limit of Backstage: the catalogue lists by no annotation value above 200 characters', async () => {
  await trial.use(LONG_VALUE_POLICY);
  const allowed = trial.allowed(ERIN, 'catalog.entity.read', trial.entities);
  const refused = trial.entities.filter(entity => !allowed.includes(entity));
  assert.ok(refused.length > 10);
  // Asked about one, it refuses. In a list they are, though the policy denies them.
  await deletionAgrees(ERIN);
  const listed = await readPages(path => ERIN.get(path), 97);
  assert.deepEqual(refsOf(listed), refsOf(trial.entities));
});

test('a limit of Backstage: tasks of services are in no list that excludes a creator', async () => {
  await trial.use(OTHERS_TASKS_POLICY);
  const { id } = await trial.admin('POST', '/api/scaffolder/v2/tasks', {
    templateRef: 'template:default/single',
    values: {},
  });
  const path = `/api/scaffolder/v2/tasks/${id}`;
  const task = await trial.admin('GET', path);
  assert.equal(task.createdBy ?? undefined, undefined);
  assert.deepEqual(trial.allowed(ERIN, 'scaffolder.task.read', [task]), [task]);
  assert.equal((await ERIN.get(path)).id, id);
  const { tasks } = await ERIN.get('/api/scaffolder/v2/tasks');
  assert.ok(tasks.length > 0 && !idsOf(tasks).includes(id));
});

/** The form that a user is shown. */
async function pagesOf(user: PortalUser, name: string) {
  const { steps } = await user.get(
    `/api/scaffolder/v2/templates/default/template/${name}/parameter-schema`,
  );
  return steps.map(({ schema }: { schema: object }) => schema);
}

/** The steps that are left of a template when a user runs it. */
async function stepsOf(user: PortalUser, name: string) {
  const { id } = await user.post('/api/scaffolder/v2/tasks', {
    templateRef: `template:default/${name}`,
    values: {},
  });
  const task = await trial.admin('GET', `/api/scaffolder/v2/tasks/${id}`);
  return idsOf(task.spec.steps);
}

/** What a user is shown of the tasks of users; those who may see none are told so. */
async function taskIds(user: PortalUser) {
  const list = user.get('/api/scaffolder/v2/tasks');
  if (!(await isLet(list))) return [];
  const { tasks } = await list;
  return idsOf(tasks.filter((task: Task) => task.createdBy)).sort();
}

function idsOf(list: Array<{ id: string }>) {
  return list.map(({ id }) => id);
}

/** Every way to ask for many entities. */
async function listsAgree(user: PortalUser) {
  const allowed = trial.allowed(user, 'catalog.entity.read', trial.entities);
  const expected = refsOf(allowed);
  const counts = new Map<string, number>();
  for (const { kind } of allowed) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const all = trial.entities.map(refOf);

  const pages = await readPages(path => user.get(path), 97);
  assert.deepEqual(refsOf(pages), expected, `${user.name}, by-query`);

  const list = await user.get('/api/catalog/entities?fields=kind,metadata');
  assert.deepEqual(refsOf(list), expected, `${user.name}, entities`);

  const { items } = await user.post('/api/catalog/entities/by-refs', {
    entityRefs: all,
  });
  const found = all.filter((_, index) => items[index]);
  assert.deepEqual(found.sort(), expected, `${user.name}, by-refs`);

  const { facets } = await user.get('/api/catalog/entity-facets?facet=kind');
  const facetCounts = facets.kind.map(
    (facet: { value: string; count: number }) => [facet.value, facet.count],
  );
  assert.deepEqual(
    Object.fromEntries(facetCounts),
    Object.fromEntries(counts),
    `${user.name}, facets`,
  );
  if (expected.length > 0 && expected.length < all.length) {
    partial += 1;
  }
}

/** The entities' own addresses: some of those that are shown, and some of the others. */
async function addressesAgree(user: PortalUser) {
  const shown = trial.allowed(user, 'catalog.entity.read', trial.entities);
  const hidden = trial.entities.filter(entity => !shown.includes(entity));
  for (const entity of everySo(shown)) {
    assert.equal(refOf(await user.entity(refOf(entity))), refOf(entity));
  }
  for (const entity of everySo(hidden)) {
    await assert.rejects(user.entity(refOf(entity)), { status: 404 });
  }
}

/** Another permission of the same type, asked for each entity. */
async function deletionAgrees(user: PortalUser) {
  const allowed = trial.allowed(user, 'catalog.entity.delete', trial.entities);
  const answers = await mayUse(
    user,
    entityPermission('delete'),
    trial.entities.map(refOf),
  );
  assert.deepEqual(answers, refsOf(allowed), `${user.name}, delete`);
}

/** The permissions on environments, asked for each, for what is none and for what is not there. */
async function environmentsAgree(user: PortalUser) {
  const environments = trial.entities.filter(isEnvironment);
  const others = trial.entities.filter(entity => !isEnvironment(entity));
  assert.ok(environments.length > 15, `${environments.length} environments`);
  const refs = [
    ...environments.map(refOf),
    ...everySo(others).map(refOf),
    'resource:default/no-such-thing',
  ];
  for (const [name, action] of Object.entries(ENVIRONMENT_ACTIONS)) {
    const permission = environmentPermission(name, action);
    const answers = await mayUse(user, permission, refs);
    const allowed = trial.allowed(user, permission.name, environments);
    // Others are allowed only where it does not depend on the resource.
    const isAlways = trial.allowed(user, permission.name, [null]).length > 0;
    const expected = isAlways ? [...refs].sort() : refsOf(allowed);
    assert.deepEqual(answers, expected, `${user.name}, ${name}`);
    if (allowed.length > 0 && allowed.length < environments.length) {
      partOfEnvironments += 1;
    }
  }
}

/** On which of many refs a user may use a permission, sorted, by asking about each. */
async function mayUse(user: PortalUser, permission: object, refs: string[]) {
  const answers: string[] = [];
  // The conditions come with each item, and a request has 100 kB at most.
  for (let start = 0; start < refs.length; start += 40) {
    const batch = refs.slice(start, start + 40);
    const results = await user.authorize(
      batch.map(resourceRef => ({ permission, resourceRef })),
    );
    answers.push(...batch.filter((_, index) => results[index] === 'ALLOW'));
  }
  return answers.sort();
}

function environmentPermission(name: string, action: string) {
  return {
    type: 'resource',
    name: `goldenpath.environment.${name}`,
    attributes: { action },
    resourceType: 'goldenpath-environment',
  };
}

/** As the README of the plugin says it. */
function isEnvironment({ kind, spec }: Entity): boolean {
  return kind === 'Resource' && /^environment$/i.test(String(spec?.type));
}

/** About four, from all over the list. */
function everySo<T>(list: T[]): T[] {
  const step = Math.max(1, Math.floor(list.length / 4));
  return list.filter((_, index) => index % step === 0);
}
