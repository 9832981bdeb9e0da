// What Backstage shows to a user is what the policy allows them, asked about each resource alone:
// Backstage filters lists in its database, by conditions that a decision was folded into.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  entityPermission,
  refOf,
  type PortalUser,
} from '../../examples/backstage/demo/portal.ts';
import { CATALOG_POLICIES, randomPolicy } from './lists/policies.ts';
import { readPages, refsOf, Trial } from './lists/Trial.ts';
import { descriptors } from './lists/world.ts';

const THINGS = 240;
const RANDOM_POLICIES = 14;

const trial = await Trial.open(descriptors(THINGS));

after(() => trial.close());

/** How many lists were neither empty nor everything. */
let partial = 0;

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
  const answers: string[] = [];
  // The conditions come with each item, and a request has 100 kB at most.
  for (let start = 0; start < trial.entities.length; start += 40) {
    const batch = trial.entities.slice(start, start + 40).map(refOf);
    const results = await user.authorize(
      batch.map(resourceRef => ({
        permission: entityPermission('delete'),
        resourceRef,
      })),
    );
    answers.push(...batch.filter((_, index) => results[index] === 'ALLOW'));
  }
  assert.deepEqual(answers.sort(), refsOf(allowed), `${user.name}, delete`);
}

/** About four, from all over the list. */
function everySo<T>(list: T[]): T[] {
  const step = Math.max(1, Math.floor(list.length / 4));
  return list.filter((_, index) => index % step === 0);
}
