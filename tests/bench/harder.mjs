// Worlds in which little is the same for many: what a company should not have, but one may.
import {
  compiled,
  goldenpath,
  measure,
  OPTIONS,
  row,
  timed,
} from './measure.mjs';
import { directory, PERMISSIONS, policy, policyFiles, random, READ_PERMISSION } from './world.mjs'; // prettier-ignore

/** Adds the rows; `people` and `world` are those of the rows before. */
export function harderWorlds(people, world) {
  manyRoles();
  manyConditions(people);
  manyChanges(people, world);
}

/** Users in 20 to 30 groups, with about 100 of 2,000 roles each: no two users alike. */
function manyRoles() {
  const people = directory(20, 30);
  const files = policyFiles(policy(2000, { bound: 10_000 }));
  const [engine, setUp] = timed(() => compiled(files, people));
  row('many roles: set-up, 20,000 rules', setUp, 'ms', 1000);
  const plain = requests(people, next => PERMISSIONS[next(40)]);
  const time = measure(20_000, at => engine.decide(plain[at]));
  row('many roles: decision, p50', time.p50, 'us', 5);
  row('many roles: decision, p95', time.p95, 'us', 20);
  const open = requests(people, () => READ_PERMISSION);
  const often = measure(20_000, at => engine.decide(open[at]));
  row('many roles: conditional decision, p50', often.p50, 'us', 20);
  const batch = measure(200, at => engine.decideBatch(plain.slice(at * 100, (at + 1) * 100))); // prettier-ignore
  row('many roles: batch of 100, p50', batch.p50 / 1000, 'ms', 1);
  const who = measure(5, at => engine.whoCan({ permission: PERMISSIONS[at] }));
  row('many roles: who can, p50', who.p50 / 1000, 'ms', 50);
}

/** 2,000 conditions on one permission, some three of which reach each user; others reach others. */
function manyConditions(people) {
  const files = policyFiles(policy(2000, { conditions: 2000 }));
  const engine = compiled(files, people);
  const open = requests(people, () => READ_PERMISSION);
  const time = measure(20_000, at => engine.decide(open[at]));
  row('many conditions: decision, p50', time.p50, 'us', 20);
  row('many conditions: decision, p95', time.p95, 'us', 20);
  const batch = measure(200, at => engine.decideBatch(open.slice(at * 100, (at + 1) * 100))); // prettier-ignore
  row('many conditions: batch of 100, p50', batch.p50 / 1000, 'ms', 1);
  const who = measure(5, () => engine.whoCan({ permission: READ_PERMISSION }));
  row('many conditions: who can, p50', who.p50 / 1000, 'ms', 50);
}

/** Half of 2,000 rules move to another permission. */
function manyChanges(people, world) {
  const rules = world.rules.map((one, at) =>
    at % 2 ? one : { ...one, permission: PERMISSIONS[(at * 11) % 40].name },
  );
  const [files, changed] = [world, { ...world, rules }].map(policyFiles);
  const [diff, time] = timed(() =>
    goldenpath.diffPolicies(files, changed, { directory: people }, OPTIONS),
  );
  if (diff.gained.length < 1000) throw new Error('the diff found little');
  row('many changes: diff of half the rules', time / 1000, 's', 2);
}

/** Each user once, so that none is asked twice. */
function requests({ users }, permission) {
  const next = random(5);
  return Array.from({ length: 25_000 }, (_, at) => ({
    permission: permission(next),
    subject: { userEntityRef: users[(at * 4 + next(4)) % users.length].ref },
  }));
}
