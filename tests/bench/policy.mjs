// The policy engine's speed, beside casbin's and Cedar's. See README.md.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { harderWorlds } from './harder.mjs';
import {
  compiled,
  goldenpath,
  measure,
  memories,
  OPTIONS,
  row,
  rows,
  timed,
} from './measure.mjs';
import { casbin, cedarVersion, cedarWasm } from './rivals.mjs';
import {
  directory,
  PERMISSIONS,
  policy,
  policyFiles,
  random,
  READ_PERMISSION,
  rolesOf,
} from './world.mjs';

const people = directory();
const world = policy(200);
const files = policyFiles(world);

const before = process.memoryUsage().rss;
const [engine, setUp] = timed(() => compiled(files, people));
row('set-up: compile and setDirectory, 2,000 rules', setUp, 'ms', 1000);
const mib = 2 ** 20;
if (memories.length) {
  const bytes = memories.reduce((sum, one) => sum + one.buffer.byteLength, 0);
  row('memory of the wasm instance after set-up', bytes / mib, 'MiB', 64);
} else {
  const delta = process.memoryUsage().rss - before;
  row('memory (growth of the process)', delta / mib, 'MiB', 64);
}

const next = random(3);
const requests = Array.from({ length: 25_000 }, () => {
  const user = people.users[next(people.users.length)];
  const permission = PERMISSIONS[next(PERMISSIONS.length)];
  return { user, permission, subject: { userEntityRef: user.ref } };
});
const plain = requests.map(({ permission, subject }) => ({
  permission,
  subject,
}));
const conditional = requests.map(({ subject }) => ({
  permission: READ_PERMISSION,
  subject,
}));

// all three agree
const has = rolesOf(people, world);
const roles = new Map(
  requests.slice(0, 2000).map(({ user }) => [user.ref, has(user)]),
);
const byCasbin = await casbin(world, roles);
const byCedar = cedarWasm(world, roles);
let allowed = 0;
let refused = 0;
for (const { user, permission, subject } of requests.slice(0, 300)) {
  const { result, reasons } = engine.decide({ permission, subject });
  const answers = {
    goldenpath: result === 'ALLOW',
    casbin: byCasbin(user.ref, permission.name),
    cedar: byCedar(user.ref, permission.name),
  };
  if (new Set(Object.values(answers)).size > 1) {
    const shown = JSON.stringify(answers);
    throw new Error(`they differ: ${user.ref} ${permission.name} ${shown}`);
  }
  if (answers.goldenpath) allowed += 1;
  else if (reasons.some(one => one.effect === 'deny')) refused += 1;
}
if (engine.decide(conditional[0]).result !== 'CONDITIONAL') {
  throw new Error('the conditional decision is not conditional');
}

const p50 = {};
for (const count of [20, 200, 2000]) {
  const one =
    count === 200 ? engine : compiled(policyFiles(policy(count)), people);
  const time = measure(20_000, at => one.decide(plain[at]));
  const name = `decision, ${(count * 10).toLocaleString('en')} rules`;
  row(`${name}, p50`, time.p50, 'us', 5);
  row(`${name}, p95`, time.p95, 'us', 20);
  p50[count] = time.p50;
}
const all = Object.values(p50);
row('flatness: slowest p50 / fastest', Math.max(...all) / Math.min(...all), 'x', 1.5); // prettier-ignore

const often = measure(20_000, at => engine.decide(conditional[at]));
row('conditional decision, p50', often.p50, 'us', 20);
row('conditional decision, p95', often.p95, 'us', 20);
for (const [name, asked] of Object.entries({ plain, conditional })) {
  const batches = Array.from({ length: 250 }, (_, at) =>
    asked.slice(at * 100, (at + 1) * 100),
  );
  const time = measure(200, at => engine.decideBatch(batches[at]));
  row(`batch of 100, ${name}, p50`, time.p50 / 1000, 'ms', 1);
}
const who = measure(20, at => engine.whoCan({ permission: PERMISSIONS[at] }));
row('who can, p50', who.p50 / 1000, 'ms', 50);

const rules = world.rules.map((one, at) =>
  at % 400 ? one : { ...one, effect: 'deny' },
);
const changed = policyFiles({ ...world, rules });
const [diff, diffTime] = timed(() =>
  goldenpath.diffPolicies(files, changed, { directory: people }, OPTIONS),
);
if (diff.diagnostics.length) throw new Error(JSON.stringify(diff.diagnostics));
if (!diff.lost.length) throw new Error('the diff found nothing');
row('diff, 100,000 users x 40 permissions', diffTime / 1000, 's', 2);

harderWorlds(people, world);

if (memories.length) {
  const bytes = memories.reduce((sum, one) => sum + one.buffer.byteLength, 0);
  row('its memory after all of this', bytes / mib, 'MiB');
}

for (const [name, ask] of Object.entries({
  casbin: byCasbin,
  cedar: byCedar,
})) {
  const time = measure(200, at =>
    ask(requests[at].user.ref, requests[at].permission.name),
  );
  row(`${name}: decision, 2,000 rules, p50`, time.p50, 'us');
  row(`${name} / goldenpath`, time.p50 / p50[200], 'x');
}

const read = path =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const { dependencies } = read('package.json');
const versions = Object.entries(dependencies).map(pair => pair.join(' '));
const own = read('../../js/package.json').version;
const load = loadavg().map(one => one.toFixed(2));
console.log(`node ${process.version}, goldenpath ${own}, ${versions.join(
  ', ',
)} (Cedar ${cedarVersion})
load average ${load.join(
  ' ',
)}; agreed on 300 requests, ${allowed} of them allowed, ${refused} denied by a rule
`);
const widths = [0, 1, 2].map(at =>
  Math.max(...rows.map(one => one[at].length)),
);
for (const [what, figure, target, verdict] of rows) {
  const cells = [what.padEnd(widths[0]), figure.padStart(widths[1]), target.padEnd(widths[2])]; // prettier-ignore
  console.log([...cells, verdict].join('  ').trimEnd());
}
const missed = rows.filter(one => one[3] === 'MISSED').length;
console.log(`\n${missed} targets missed`);
