// The check of catalogue files beside Backstage's own way and beside js-yaml with ajv. See README.md.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { descriptors, manyKeys } from './descriptors.mjs';
import { atLeast, goldenpath, row, rows, timed } from './measure.mjs';
import {
  backstage,
  jsYamlAndAjv,
  npmYaml,
  refused,
  versions,
} from './rivals-catalog.mjs';

const ROUNDS = 30;
const files = descriptors(600);
const bytes = files.reduce((sum, file) => sum + file.content.length, 0);

const sides = {
  goldenpath: file => {
    const { diagnostics, documents } = goldenpath.checkCatalogFile(file);
    const found = [diagnostics, ...documents.map(one => one.diagnostics)];
    return found.flat().some(one => one.severity === 'error')
      ? refused
      : { verdict: 'accepted', entities: documents.map(one => one.entity) };
  },
  'js-yaml + ajv': jsYamlAndAjv(),
  Backstage: backstage(),
};

// all three agree
let accepted = 0;
let documents = 0;
for (const file of files) {
  const own = sides.goldenpath(file);
  for (const [name, answer] of Object.entries(sides)) {
    assert.deepEqual(await answer(file), own, `${name}: ${file.name}\n${file.content}`); // prettier-ignore
  }
  if (own !== refused) accepted += 1;
  documents += own.entities?.length ?? 0;
}

const times = Object.fromEntries(
  Object.keys(sides).map(name => [name, files.map(() => [])]),
);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, answer] of Object.entries(sides)) {
    for (const [at, file] of files.entries()) {
      const start = performance.now();
      await answer(file);
      times[name][at].push(performance.now() - start);
    }
  }
}
// the median round of each file, and of those the mean
const mean = Object.fromEntries(
  Object.entries(times).map(([name, ofFiles]) => {
    const medians = ofFiles.map(one => one.sort((a, b) => a - b)[ROUNDS >> 1]);
    return [name, (medians.reduce((sum, one) => sum + one, 0) / files.length) * 1000]; // prettier-ignore
  }),
);
row('goldenpath, one file', mean.goldenpath, 'us');
row('js-yaml + ajv, one file', mean['js-yaml + ajv'], 'us');
row('Backstage, one file', mean.Backstage, 'us');
atLeast('Backstage / goldenpath', mean.Backstage / mean.goldenpath, 12);
atLeast(
  'js-yaml + ajv / goldenpath',
  mean['js-yaml + ajv'] / mean.goldenpath,
  2,
);

const many = { name: 'many.yaml', content: Buffer.from(manyKeys(32_000)) };
sides.goldenpath(many);
const [own, ofOwn] = timed(() => sides.goldenpath(many));
row('32,000 annotations, goldenpath', ofOwn, 'ms', 50);
const [theirs, ofTheirs] = timed(() =>
  npmYaml.parseAllDocuments(many.content.toString()).map(one => one.toJSON()),
);
assert.deepEqual(own.entities, theirs);
row('32,000 annotations, npm yaml', ofTheirs / 1000, 's');

// the command, a new process each time
const folder = mkdtempSync(join(tmpdir(), 'goldenpath-bench-'));
for (const { name, content } of files.slice(0, 500)) {
  mkdirSync(join(folder, 'all', dirname(name)), { recursive: true });
  writeFileSync(join(folder, 'all', name), content);
}
writeFileSync(join(folder, 'one.yaml'), files[0].content);
const bin = fileURLToPath(new URL('../../js/bin/goldenpath.js', import.meta.url)); // prettier-ignore
const command = (...args) => {
  const runs = Array.from({ length: 11 }, () => {
    const [{ error, status }, time] = timed(() =>
      spawnSync(process.execPath, args, { cwd: folder, stdio: 'ignore' }),
    );
    if (error || status > 1) throw error ?? new Error(`exit code ${status}`);
    return time;
  });
  return runs.sort((a, b) => a - b)[5];
};
row('`goldenpath check` on 500 files', command(bin, 'check', 'all'), 'ms', 250);
row('`goldenpath check` on one file', command(bin, 'check', 'one.yaml'), 'ms', 60); // prettier-ignore
row('Node.js alone', command('--eval', '0'), 'ms');
rmSync(folder, { recursive: true });

const load = loadavg().map(one => one.toFixed(2));
console.log(`node ${process.version}, ${versions.join(', ')}
load average ${load.join(' ')}; ${files.length} files of ${Math.round(
  bytes / files.length,
)} bytes on average, agreed on all: ${accepted} accepted with ${documents} entities
`);
const widths = [0, 1, 2].map(at => Math.max(...rows.map(one => one[at].length))); // prettier-ignore
for (const [what, figure, target, verdict] of rows) {
  const cells = [what.padEnd(widths[0]), figure.padStart(widths[1]), target.padEnd(widths[2])]; // prettier-ignore
  console.log([...cells, verdict].join('  ').trimEnd());
}
const missed = rows.filter(one => one[3] === 'MISSED').length;
console.log(`\n${missed} targets missed`);
