// What both halves of the benchmark share: the engine, its memory, and rows of figures.
import { createRequire } from 'node:module';
import { PERMISSIONS } from './world.mjs';

// the memory of each instance made from here on
export const memories = [];
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, args) {
    const made = Reflect.construct(target, args);
    if (made.exports.memory) memories.push(made.exports.memory);
    return made;
  },
});
const require = createRequire(import.meta.url);
export const goldenpath = require('../../js/dist/index.js');

const LIMITS = { sourceBytes: 1e8, nodes: 1e7 };
export const OPTIONS = { permissions: PERMISSIONS, limits: LIMITS };
export const rows = [];

/** One row; `target` is an upper bound in the same unit. */
export function row(what, figure, unit, target) {
  let verdict = '';
  if (target !== undefined) verdict = figure <= target ? 'met' : 'MISSED';
  const shown = figure.toFixed(figure < 100 ? 2 : 0);
  const bound = target === undefined ? '' : `<= ${target} ${unit}`;
  rows.push([what, `${shown} ${unit}`, bound, verdict]);
  console.error(rows.at(-1).join('  '));
}

/** A row for how many times as much one side needs; `target` is a lower bound. */
export function atLeast(what, figure, target) {
  const verdict = figure >= target ? 'met' : 'MISSED';
  rows.push([what, `${figure.toFixed(2)} x`, `>= ${target} x`, verdict]);
  console.error(rows.at(-1).join('  '));
}

/** Microseconds at the middle and at 95 % of questions 0 to `count`; to warm up, those behind are asked. */
export function measure(count, ask) {
  for (let at = count; at < count * 1.25; at++) ask(at);
  const times = Array.from({ length: count }, (_, at) => {
    const start = performance.now();
    ask(at);
    return (performance.now() - start) * 1000;
  }).sort((a, b) => a - b);
  return {
    p50: times[Math.floor(count / 2)],
    p95: times[Math.floor(count * 0.95)],
  };
}

export function timed(run) {
  const start = performance.now();
  const result = run();
  return [result, performance.now() - start];
}

export function compiled(files, people) {
  const { policy: made, diagnostics } = goldenpath.compilePolicy(
    files,
    OPTIONS,
  );
  if (!made) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));
  made.setDirectory(people);
  return made;
}
