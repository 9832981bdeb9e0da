// What is wrong in the live catalogue is told in pages, to each user of what they may read, and no
// longer when it is right.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  request,
  waitFor,
  type PortalUser,
} from '../../examples/backstage/demo/portal.ts';
import { openLab } from './lab.ts';

const ADMIN_TOKEN = 'the-token-of-the-test-that-sees-all';
const FINDINGS = '/api/goldenpath/findings';

/** Whoever owns something sees it, and everybody sees the groups. */
const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - id: own
    effect: allow
    permissions: [catalog.entity.read]
    when: { owner: $ownership }
  - id: groups
    effect: allow
    permissions: [catalog.entity.read]
    when: { kind: Group }
`;

const TEAMS = { 'team-a': 'erin', 'team-b': 'olivia' };
const SERVICES = 30;

interface Finding {
  entityRef: string;
  owner?: string;
  code: string;
  severity: string;
  message: string;
  help?: string;
}

const lab = await openLab({
  config: directory => ({
    backend: {
      auth: {
        externalAccess: [
          {
            type: 'static',
            options: { token: ADMIN_TOKEN, subject: 'findings-test' },
          },
        ],
      },
    },
    catalog: {
      processingInterval: { seconds: 2 },
      locations: [
        { type: 'file', target: join(directory, 'catalog-info.yaml') },
        { type: 'file', target: join(directory, 'late.yaml') },
      ],
    },
    goldenpath: {
      audit: { frequency: { seconds: 1 }, timeout: { seconds: 30 } },
      policy: { files: [join(directory, 'policy/*.yaml')] },
    },
  }),
  async prepare(directory) {
    await mkdir(join(directory, 'policy'));
    await writeFile(join(directory, 'policy/policy.yaml'), POLICY);
    await writeFile(
      join(directory, 'catalog-info.yaml'),
      descriptors()
        .map(one => JSON.stringify(one))
        .join('\n---\n'),
    );
    await writeFile(join(directory, 'late.yaml'), late({ sytem: 'shop' }));
  },
});

after(() => lab.close());

const erin = await lab.stage.signIn('erin');
const olivia = await lab.stage.signIn('olivia');

/** The catalogue is audited again and again while it fills. */
await waitFor('the audit of everything', async () => {
  const { items } = await asAdmin(`${FINDINGS}/owners`);
  const counted = items.map((one: any) => [one.owner, one.entities]);
  // each team's services, and of one team what comes late
  return (
    (counted.some(isEqualTo(['group:default/team-a', SERVICES / 2 + 1])) &&
      counted.some(isEqualTo(['group:default/team-b', SERVICES / 2])) &&
      (await findings('code=reference/dangling')).length === 1) ||
    undefined
  );
});

test('findings are what the rules say of the entities, with their owners', async () => {
  const all = await findings('severity=warning,error');
  assert.equal(all.length, SERVICES + 2);
  const [dangling] = await findings('code=reference/dangling');
  assert.equal(dangling.entityRef, 'component:default/s7');
  assert.match(dangling.message, /`component:default\/nobody-made-it`/);
  const [late_] = await findings('entityRef=late');
  assert.equal(late_.code, 'catalog/unknown-field');
  assert.equal(late_.owner, 'group:default/team-a');
  assert.match(String(late_.help), /`system`/);
});

test('pages have each finding once, whatever their length', async () => {
  const whole = await findings('limit=1000');
  for (const limit of [1, 7]) {
    assert.deepEqual(await findings(`limit=${limit}`), whole);
  }
});

test('users are told of what they may read, and of nothing else', async () => {
  for (const [user, team] of [
    [erin, 'group:default/team-a'],
    [olivia, 'group:default/team-b'],
  ] as const) {
    const all = await findings('severity=warning,error');
    const own = all.filter(({ owner }) => owner === team);
    assert.ok(own.length >= SERVICES / 2 && own.length < all.length);
    const told = await findings('severity=warning,error&limit=4', user);
    assert.deepEqual(told, own, user.name);

    const { items } = await user.get(`${FINDINGS}/owners`);
    const owners = items.flatMap((one: any) => one.owner ?? []);
    assert.deepEqual(owners, [team], user.name);
  }
  const [other] = await findings('owner=team-b');
  const query = `entityRef=${encodeURIComponent(other.entityRef)}`;
  assert.deepEqual(await findings(query, erin), []);
  await assert.rejects(request(`${lab.stage.url}${FINDINGS}`), { status: 401 });
  await assert.rejects(erin.get(`${FINDINGS}?severity=bad`), { status: 400 });
});

test('the next audit follows a change', async () => {
  const before = await asAdmin(FINDINGS);
  await writeFile(join(lab.directory, 'late.yaml'), late({ system: 'shop' }));
  // what was a misspelt field is a reference now, to what nobody has made
  const [found] = await waitFor('the change to be judged', async () => {
    const list = await findings('entityRef=late', erin);
    return list.some(({ code }) => code === 'catalog/unknown-field')
      ? undefined
      : list;
  });
  assert.equal(found.code, 'reference/dangling');
  const { audit } = await asAdmin(FINDINGS);
  assert.ok(audit.asOf > before.audit.asOf);
  assert.ok(audit.ageSeconds < 60);

  // one that comes mends those that refer to it
  await writeFile(
    join(lab.directory, 'late.yaml'),
    `${late({ system: 'shop' })}\n---\n${JSON.stringify(system())}`,
  );
  await waitFor('the system to be found', async () =>
    (await findings('entityRef=late', erin)).length === 0 ? true : undefined,
  );
});

/** All findings, page by page; of the service that sees all, or of a user. */
async function findings(query: string, user?: PortalUser): Promise<Finding[]> {
  const all: Finding[] = [];
  let cursor = '';
  do {
    const path = `${FINDINGS}?${query}${cursor && `&cursor=${cursor}`}`;
    const { items, pageInfo } = await (user ? user.get(path) : asAdmin(path));
    all.push(...items);
    cursor = pageInfo.nextCursor ?? '';
  } while (cursor);
  return all;
}

/** Until the first audit is over there is nothing to say. */
function asAdmin(path: string): Promise<any> {
  return waitFor(path, async () => {
    try {
      return await request(`${lab.stage.url}${path}`, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      });
    } catch (error) {
      if ((error as { status?: number }).status === 503) return undefined;
      throw error;
    }
  });
}

function isEqualTo(expected: unknown[]) {
  return (actual: unknown[]) =>
    JSON.stringify(actual) === JSON.stringify(expected);
}

function descriptors(): object[] {
  return [
    ...Object.entries(TEAMS).flatMap(([team, name]) => [
      described('Group', team, { type: 'team', children: [] }),
      described('User', name, { memberOf: [team] }),
    ]),
    ...Array.from({ length: SERVICES }, (_, number) =>
      described('Component', `s${number}`, {
        ...service(number % 2 ? 'team-b' : 'team-a'),
        sytem: 'shop',
        ...(number === 7 && { dependsOn: ['component:nobody-made-it'] }),
      }),
    ),
  ];
}

function late(spec: object): string {
  return JSON.stringify(
    described('Component', 'late', { ...service('team-a'), ...spec }),
  );
}

function system(): object {
  return described('System', 'shop', { owner: 'team-a' });
}

function service(owner: string) {
  return { type: 'service', lifecycle: 'production', owner };
}

function described(kind: string, name: string, spec: object): object {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name },
    spec,
  };
}
