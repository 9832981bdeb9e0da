import { Claims } from './claims.ts';
import {
  entityPermission,
  refOf,
  waitFor,
  type PortalUser,
  type Result,
} from './portal.ts';
import type { Stage } from './stage.ts';
import { paint } from './terminal.ts';

const VERBS = ['read', 'refresh', 'delete'] as const;

type Verb = (typeof VERBS)[number];

/**
 * What ../../policy says of each user: the verbs that are allowed. Erin is an engineer of the team
 * messaging, Olivia one of payments, Petra a platform engineer.
 */
export const EXPECTED: Record<string, Record<string, Verb[]>> = {
  'component:default/payment-service': {
    guest: ['read'],
    erin: ['read'],
    olivia: ['read', 'refresh', 'delete'],
    petra: ['read', 'refresh', 'delete'],
  },
  'component:default/notification-service': {
    guest: ['read'],
    erin: ['read', 'refresh', 'delete'],
    olivia: ['read'],
    petra: ['read', 'refresh', 'delete'],
  },
  // Confidential, and production data: its owners see it, and nobody deletes it.
  'resource:default/payments-database': {
    guest: [],
    erin: [],
    olivia: ['read', 'refresh'],
    petra: ['read', 'refresh'],
  },
  'group:default/payments': {
    guest: [],
    erin: ['read'],
    olivia: ['read'],
    petra: ['read', 'refresh', 'delete'],
  },
};

const USERS = ['guest', 'erin', 'olivia', 'petra'];

/** One policy decides single questions and the lists that everybody sees. */
export async function policyAct(stage: Stage): Promise<boolean> {
  const { terminal } = stage;
  const claims = new Claims(terminal);
  terminal.section('policy');
  terminal.heading('2  Policy: who may do what');

  const users = await Promise.all(USERS.map(name => stage.signIn(name)));
  terminal.table(
    ['user', 'owns what these own'],
    users.map(({ name, ownershipRefs }) => [name, ownershipRefs.join(', ')]),
  );
  terminal.line();
  await waitForDirectory(stage);
  await showDecisions(stage, claims, users);
  await showLists(stage, claims, users);
  return claims.ok;
}

/** Roles reach users through groups, which the policy reads from the catalogue now and then. */
export async function waitForDirectory(stage: Stage) {
  const erin = await stage.signIn('erin');
  await waitFor('the policy to know that Erin is an engineer', async () => {
    const verbs = await askVerbs(erin, 'group:default/payments');
    return verbs.includes('read') || undefined;
  });
}

/** The verbs that each user may use on an entity, from `POST /api/permission/authorize`. */
export async function askVerbs(user: PortalUser, ref: string): Promise<Verb[]> {
  const results = await user.authorize(
    VERBS.map(verb => ({
      permission: entityPermission(verb),
      resourceRef: ref,
    })),
  );
  return VERBS.filter((_, index) => results[index] === 'ALLOW');
}

async function showDecisions(
  stage: Stage,
  claims: Claims,
  users: PortalUser[],
) {
  const rows: string[][] = [];
  const wrong: string[] = [];
  for (const [ref, expected] of Object.entries(EXPECTED)) {
    const row = [ref.replace(':default/', ':')];
    for (const user of users) {
      const verbs = await askVerbs(user, ref);
      row.push(VERBS.map(verb => showVerb(verb, verbs)).join(' '));
      if (verbs.join() !== expected[user.name].join()) {
        wrong.push(`${user.name} on ${ref}: ${verbs.join()}`);
      }
    }
    rows.push(row);
  }
  stage.terminal.table(['', ...users.map(({ name }) => name)], rows);
  stage.terminal.line();
  const asked = rows.length * users.length * VERBS.length;
  claims.expect(
    wrong.length === 0,
    `${asked} decisions over POST /api/permission/authorize are as the policy says${wrong
      .map(text => `; not ${text}`)
      .join('')}`,
  );
}

function showVerb(verb: Verb, allowed: Verb[]): string {
  return allowed.includes(verb)
    ? paint('green', verb)
    : paint('red', '–'.padEnd(verb.length));
}

/** A list is filtered by the conditions of the decision, so it must say the same as single questions do. */
async function showLists(stage: Stage, claims: Claims, users: PortalUser[]) {
  const { terminal } = stage;
  const petra = await stage.signIn('petra');
  const all = (await petra.entities()).map(refOf).sort();
  const rows: string[][] = [];
  const differing: string[] = [];
  for (const user of users) {
    const list = (await user.entities()).map(refOf).sort();
    const results = await readResults(user, all);
    const allowed = all.filter((_, index) => results[index] === 'ALLOW');
    if (allowed.join() !== list.join()) {
      differing.push(user.name);
    }
    const hidden = all.filter(ref => !list.includes(ref));
    rows.push([user.name, `${list.length}`, countByKind(hidden) || '–']);
  }
  terminal.line();
  terminal.table(['user', 'sees', 'and not'], rows);
  terminal.line();
  claims.expect(
    differing.length === 0,
    `everybody's list holds exactly the entities that they may read, asked one by one${differing
      .map(name => `; not ${name}'s`)
      .join('')}`,
  );
  const sizes = rows.map(([, size]) => Number(size));
  claims.expect(
    sizes[0] < sizes[1] && sizes[1] < sizes[3],
    'the guest sees less than an engineer, and an engineer less than the platform team',
  );
}

async function readResults(
  user: PortalUser,
  refs: string[],
): Promise<Result[]> {
  return user.authorize(
    refs.map(resourceRef => ({
      permission: entityPermission('read'),
      resourceRef,
    })),
  );
}

/** Names where they are few, else numbers. */
function countByKind(refs: string[]): string {
  const kinds = [...new Set(refs.map(ref => ref.split(':')[0]))];
  return kinds
    .map(kind => {
      const own = refs.filter(ref => ref.startsWith(`${kind}:`));
      return own.length === 1
        ? own[0].replace(':default/', ':')
        : `${own.length} ${kind}s`;
    })
    .join(', ');
}
