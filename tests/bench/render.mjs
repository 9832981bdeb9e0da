// The template engine's speed, beside that of Nunjitsu, which the scaffolder uses, and Nunjucks. See
// README.md.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createTemplateRenderer } from 'nunjitsu';
import nunjucks from 'nunjucks';
import { timeActions } from './actions.mjs';
import { goldenpath } from './measure.mjs';
import { file, folder, small, values } from './skeletons.mjs';

const context = { values };
const rows = [];

/** `times` in microseconds, by engine; the first is goldenpath's. `targets` are by rival. */
function table(what, unit, times, targets = {}) {
  const scale = unit === 'ms' ? 1000 : 1;
  const [own] = Object.values(times);
  for (const [engine, time] of Object.entries(times)) {
    const atLeast = targets[engine];
    const ratio = time / own;
    const verdict = ratio >= atLeast ? 'met' : 'MISSED';
    rows.push([
      what,
      engine,
      `${(time / scale).toFixed(2)} ${unit}`,
      time === own ? '' : `${ratio.toFixed(2)} x`,
      atLeast ? `>= ${atLeast} x` : '',
      atLeast ? verdict : '',
    ]);
    console.error(rows.at(-1).join('  '));
  }
}

const ROUNDS = 9;
/** A round lasts so many microseconds, for the clock of the processor is coarse. */
const ROUND = 100_000;

/**
 * CPU time of this thread, since the clock tells of whatever else the machine does: the median over
 * rounds in which the engines take turns. Each of the `ways` returns how many renderings it made.
 */
function race(ways) {
  const names = Object.keys(ways);
  const times = Object.fromEntries(names.map(name => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const name of names) {
      const start = cpu();
      let count = 0;
      do count += ways[name]();
      while (cpu() - start < ROUND);
      const time = (cpu() - start) / count;
      if (round >= 0) times[name].push(time);
    }
  }
  return Object.fromEntries(
    names.map(name => {
      const sorted = times[name].sort((a, b) => a - b);
      return [name, sorted[Math.floor(sorted.length / 2)]];
    }),
  );
}

function cpu() {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

const environment = () => {
  const tags = { variableStart: '${{', variableEnd: '}}' };
  return new nunjucks.Environment(null, { autoescape: false, tags });
};

/** Each engine as a function from a text to its rendering, made once for any number of texts. */
const engines = {
  goldenpath() {
    const renderer = new goldenpath.Renderer();
    const prepared = new goldenpath.Context(context);
    return (text, name = 'file') => {
      const result = renderer.renderText({ name, content: text }, prepared);
      if (result.output === undefined) {
        throw new Error(JSON.stringify(result.diagnostics));
      }
      return result.output;
    };
  },
  nunjitsu() {
    const renderer = createTemplateRenderer({ allowRegexExecution: true });
    const prepared = renderer.prepareContext(context);
    return text => renderer.render(text, prepared);
  },
  nunjucks() {
    const env = environment();
    return text => env.renderString(text, context);
  },
};

/** The same for parsed texts, which all but Nunjitsu can keep. */
const keeping = {
  goldenpath: engines.goldenpath,
  nunjitsu: engines.nunjitsu,
  nunjucks() {
    const env = environment();
    const kept = new Map();
    return text => {
      let template = kept.get(text);
      if (!template) {
        template = new nunjucks.Template(text, env, undefined, true);
        kept.set(text, template);
      }
      return template.render(context);
    };
  },
};

// all three agree to the byte
for (const makers of [engines, keeping]) {
  const renders = Object.entries(makers).map(([name, make]) => [name, make()]);
  const all = [small, file, ...folder.flatMap(one => [one.path, one.text])];
  for (const text of all) {
    const [[, own], ...others] = renders;
    const expected = own(text);
    for (const [name, render] of others) {
      if (render(text) !== expected) {
        throw new Error(`${name} differs for ${text.slice(0, 80)}`);
      }
    }
  }
}

/** Looks at the end of a text, without which V8 leaves the pieces that it consists of unjoined. */
const read = text => text.charCodeAt(text.length - 1);

/** Renders `count` texts a round: each new to the engine, or always the same. */
function texts(text, count, makers, isNew) {
  let serial = 0;
  const way = render => () => {
    for (let at = 0; at < count; at++) {
      read(render(isNew ? `${(serial += 1)} ${text}` : text));
    }
    return count;
  };
  const made = Object.entries(makers).map(([name, make]) => [name, make()]);
  return Object.fromEntries(made.map(([name, render]) => [name, way(render)]));
}

table('a: small text, new each time', 'us', race(texts(small, 500, engines, true)), { nunjitsu: 5 }); // prettier-ignore
table('a: small text, known', 'us', race(texts(small, 1000, keeping, false)), { nunjitsu: 5 }); // prettier-ignore
table('b: 226 lines, new each time', 'us', race(texts(file, 10, engines, true)), { nunjitsu: 5 }); // prettier-ignore
table('b: 226 lines, known', 'us', race(texts(file, 20, keeping, false)), { nunjitsu: 5, nunjucks: 1 }); // prettier-ignore

// a folder: names and contents, with an engine of its own as each task of the scaffolder has one
const whole = make => () => {
  const render = make();
  for (const { path, text } of folder) {
    read(render(path));
    read(render(text, path));
  }
  return 1;
};
const folders = Object.entries(engines).map(([name, make]) => [name, whole(make)]); // prettier-ignore
const kept = keeping.nunjucks();
folders.push(['nunjucks, compiled before', whole(() => kept)]);
table('c: 500 files, in memory', 'ms', race(Object.fromEntries(folders)), { nunjitsu: 5 }); // prettier-ignore

const actions = await timeActions(ROUNDS);
if (actions) table('500 files on disk', 'ms', actions, { 'fetch:template': 3 });

// in processes of their own, since this one has everything loaded
const starts = Array.from({ length: ROUNDS }, () =>
  JSON.parse(
    execFileSync(process.execPath, [
      fileURLToPath(new URL('first.cjs', import.meta.url)),
    ]),
  ),
);
for (const [at, what, most] of [
  [0, 'import'],
  [1, 'first rendering', 30],
]) {
  const times = starts.map(one => one[at]).sort((a, b) => a - b);
  const time = times[Math.floor(ROUNDS / 2)];
  const verdict = time <= most ? 'met' : 'MISSED';
  rows.push([what, 'goldenpath', `${time.toFixed(2)} ms`, '', most ? `<= ${most} ms` : '', most ? verdict : '']); // prettier-ignore
}

const json = path =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const { dependencies } = json('package.json');
const versions = ['nunjitsu', 'nunjucks'].map(
  name => `${name} ${dependencies[name]}`,
);
const own = json('../../js/package.json').version;
const load = loadavg().map(one => one.toFixed(2));
console.log(`node ${process.version}, goldenpath ${own}, ${versions.join(', ')}
load average ${load.join(' ')}; agreed on ${
  2 + 2 * folder.length
} texts, new and known
`);
const widths = rows[0].map((_, at) =>
  Math.max(...rows.map(one => one[at].length)),
);
for (const row of rows) {
  const cells = row.map((cell, at) =>
    at < 2 || at > 3 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]),
  );
  console.log(cells.join('  ').trimEnd());
}
const missed = rows.filter(row => row[5] === 'MISSED').length;
console.log(`\n${missed} targets missed`);
