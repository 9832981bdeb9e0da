// The audit of a live catalogue of 100,000 entities, first as a whole and then after a change of one.
// It is the plugin's own code on a catalogue that is made up as it is read. See README.md.
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { catalogue, COUNT } from './catalogue.mjs';
import { memories, row, rows } from './measure.mjs';

const require = createRequire(import.meta.url);
const {
  CatalogAudit,
} = require('../../plugin-package/dist/findings/CatalogAudit.cjs.js');
const {
  findingsOf,
} = require('../../plugin-package/dist/findings/AuditedEntities.cjs.js');

const MIB = 2 ** 20;
const live = catalogue();
const audit = new CatalogAudit({
  catalog: live.service,
  auth: { getOwnServiceCredentials: async () => ({}) },
  options: {},
});

let peak = 0;
const watch = () => {
  peak = Math.max(peak, process.memoryUsage().rss);
};
live.onPage = watch;
const before = process.memoryUsage().rss;

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
const first = await timed();
delays.disable();
watch();
row(`first audit of ${COUNT} entities`, first.seconds, 's', 30);
row('time of processors, with the making up', first.cpu, 's');
row('others had to wait, at 99 %', delays.percentile(99) / 1e6, 'ms');
row('others had to wait, at most', delays.max / 1e6, 'ms');
row('memory of the process, at most', peak / MIB, 'MiB', 500);
row('of it before the audit', before / MIB, 'MiB');
const wasm = memories.reduce((sum, one) => sum + one.buffer.byteLength, 0);
row('of it the core', wasm / MIB, 'MiB');
const all = audit.entities.inOrder().flatMap(findingsOf);
row('findings', all.length, '');

const idle = await timed();
expect(idle, { judged: 0, touched: 0 });
row('an audit when nothing has changed', idle.seconds * 1000, 'ms');

// a service that many refer to goes, and comes back with a mistake
const { entityRef, sources } = live.mostWanted();
live.remove(entityRef);
const gone = await timed();
expect(gone, { judged: 0, touched: sources + 1 });
row(`after one went that ${sources} refer to`, gone.seconds * 1000, 'ms');
live.breakOne(entityRef);
const back = await timed();
expect(back, { judged: 1, touched: sources + 1 });
row('after it came back, with a mistake', back.seconds * 1000, 'ms');
const [found] = findingsOf(audit.entities.get(entityRef));
if (found?.code !== 'catalog/wrong-type')
  throw new Error(JSON.stringify(found));

const width = Math.max(...rows.map(([what]) => what.length));
for (const [what, ...figures] of rows) {
  console.log(`${what.padEnd(width)}  ${figures.join('  ')}`);
}
console.log(`load average ${loadavg()[0].toFixed(2)}`);
if (rows.some(line => line.includes('MISSED'))) process.exitCode = 1;

/** One audit, without the time that it takes to make entities up. */
async function timed() {
  live.startClock();
  const start = process.cpuUsage();
  const result = await audit.run();
  const { user, system } = process.cpuUsage(start);
  const cpu = (user + system) / 1e6;
  return { ...result, cpu, seconds: live.stopClock() / 1000 };
}

function expect(actual, expected) {
  for (const [key, value] of Object.entries(expected)) {
    if (actual[key] !== value) {
      throw new Error(`${key} is ${actual[key]}, not ${value}`);
    }
  }
}
