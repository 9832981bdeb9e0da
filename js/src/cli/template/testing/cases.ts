import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import type { JsonObject, JsonValue } from '../../../types';
import { isObject, readValue } from '../../files';
import { Unusable, cannot } from '../../terminal';

/** What somebody fills in, and what must come of it. */
export interface TestCase {
  name: string;
  parameters: JsonObject;
  secrets: JsonObject;
  user: JsonObject;
  /** Outputs of steps that are not run, by the steps' ids. */
  steps: Record<string, JsonObject>;
  /** The folder with the files that must be in the workspace. */
  snapshot: string;
  /** A part of the message with which it must fail. */
  error?: string;
  /** What the policy must say. */
  policy?: string;
  /** The template's output. */
  output?: JsonValue;
  /** The time of the policy's decision. */
  now?: string;
}

const known = new Set([
  ...['name', 'parameters', 'secrets', 'user', 'steps'],
  ...['snapshot', 'error', 'policy', 'output', 'now'],
]);

/** The cases beside a template: `template.test.yaml`, and the files in `tests`. */
export async function casesOf(template: string): Promise<TestCase[]> {
  const folder = dirname(template);
  const stem = basename(template, extname(template));
  const files = [join(folder, `${stem}.test.yaml`)].filter(existsSync);
  const tests = join(folder, 'tests');
  if (existsSync(tests)) {
    const names = await readdir(tests).catch(error => {
      throw cannot('read', tests, error);
    });
    const cases = names.sort().filter(name => /\.ya?ml$/.test(name));
    files.push(...cases.map(name => join(tests, name)));
  }
  const cases: TestCase[] = [];
  for (const file of files) {
    const value = await readValue(file);
    const list = isObject(value) ? value.cases : undefined;
    if (!Array.isArray(list)) {
      throw new Unusable(`\`${file}\` has no list of \`cases\``);
    }
    cases.push(...list.map(each => caseIn(each, file)));
  }
  const folders = cases.map(({ snapshot }) => snapshot);
  const twice = folders.find((path, i) => folders.indexOf(path) !== i);
  if (twice) throw new Unusable(`two cases have the snapshot \`${twice}\``);
  return cases;
}

function caseIn(value: JsonValue, file: string): TestCase {
  const fail = (why: string) => new Unusable(`\`${file}\`: ${why}`);
  if (!isObject(value)) throw fail('a case is an object');
  const { name, snapshot, error, policy, now } = value;
  if (typeof name !== 'string') throw fail('a case has no `name`');
  const unknown = Object.keys(value).find(key => !known.has(key));
  if (unknown) throw fail(`the case \`${name}\` has an unknown \`${unknown}\``);
  const object = (key: string): JsonObject => {
    const inner = value[key] ?? {};
    if (!isObject(inner)) throw fail(`\`${key}\` of \`${name}\` is no object`);
    return inner;
  };
  const optional = (key: string, inner: JsonValue | undefined) => {
    if (inner === undefined || typeof inner === 'string') return inner;
    throw fail(`\`${key}\` of \`${name}\` is no text`);
  };
  return {
    name,
    parameters: object('parameters'),
    secrets: object('secrets'),
    user: object('user'),
    steps: object('steps') as Record<string, JsonObject>,
    snapshot: join(
      dirname(file),
      optional('snapshot', snapshot) ?? join('snapshots', slug(name)),
    ),
    error: optional('error', error),
    policy: optional('policy', policy),
    output: value.output,
    now: optional('now', now),
  };
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
