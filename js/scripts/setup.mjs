// Sets up whatever the clone lacks: `await setUp(['installed'])`, or `npm run setup` for everything
// that `npx goldenpath` needs, or `npm run setup -- STEP`. Plain Node 20 without dependencies, as it installs them.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { onSuitableNode } from './node.mjs';
import {
  Obstacle,
  fingerprint,
  inRoot,
  show,
  since,
  stopAll,
} from './shell.mjs';
import { steps } from './steps.mjs';

/**
 * Brings the named steps and all that they need up to date, independent ones at the same time, and
 * goes on under a Node that Backstage runs on. Prints what it does; on a failure it says why and
 * ends the process.
 */
export async function setUp(goals) {
  try {
    await onSuitableNode();
    await bringUpToDate(goals);
  } catch (error) {
    stopAll();
    const unexpected = !(error instanceof Obstacle);
    console.error(
      unexpected ? `set-up failed: ${error.message}` : error.message,
    );
    process.exit(1);
  }
}

async function bringUpToDate(goals) {
  const start = performance.now();
  const started = new Map();
  let changed = 0;

  function ensure(name) {
    if (!started.has(name)) started.set(name, perform(name));
    return started.get(name);
  }
  async function perform(name) {
    await Promise.all(steps[name].needs.map(ensure));
    if (await bringStepUpToDate(name)) changed += 1;
  }

  await Promise.all(goals.map(ensure));
  if (changed > 0) console.log(`set-up: ready after ${since(start)}\n`);
}

/** Whether there was something to do. */
async function bringStepUpToDate(name) {
  const step = steps[name];
  const log = inRoot('target/setup', `${name}.log`);
  if (step.always) {
    await step.run({ log });
    return false;
  }

  const stamp = inRoot('target/setup', `${name}.stamp`);
  const wanted = () => fingerprint(step.inputs ?? [], step.texts?.());
  const before = wanted();
  const complete = step.outputs.every(path => existsSync(inRoot(path)));
  if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === before) {
    return false;
  }

  const start = performance.now();
  console.log(`set-up: ${step.title} … (${step.takes} at first; ${show(log)})`);
  rmSync(stamp, { force: true });
  rmSync(log, { force: true });
  await step.run({ log });
  const lacking = step.outputs.filter(path => !existsSync(inRoot(path)));
  if (lacking.length > 0) {
    throw new Error(`${step.title}: did not make ${lacking.join(', ')}`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, before);
  console.log(`set-up: ${step.title}: ${since(start)}`);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const goals = process.argv.slice(2);
  const unknown = goals.find(name => !Object.hasOwn(steps, name));
  if (unknown) {
    console.error(
      `no step \`${unknown}\`: choose of ${Object.keys(steps).join(', ')}`,
    );
    process.exit(1);
  }
  await setUp(goals.length > 0 ? goals : ['js']);
}
