import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { checkCatalogFile } from '../../catalog';
import type { Policy } from '../../policy';
import type { JsonObject, TemplateBranch } from '../../types';
import { type Command, oneOf, read } from '../command';
import { isObject, onlyValue, readSource } from '../files';
import {
  directoryOption,
  policyOption,
  readPolicy,
  withPolicy,
} from '../policy/inputs';
import { configOption, settingsFrom } from '../settings';
import {
  type ExitCode,
  Unusable,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
} from '../terminal';
import { findTemplates } from './folder';
import type { StepFailure } from './testing/actions';
import { type TestCase, casesOf } from './testing/cases';
import { judge, runCase } from './testing/runCase';
import { differences, update } from './testing/snapshot';

interface Result {
  template: string;
  name: string;
  passed: boolean;
  /** Why not. */
  wrong: string[];
}

export const templateTest: Command = {
  usage: 'template test PATH... [--update] [--policy FILE] [--directory FILE]',
  summary: 'Run templates on the cases beside them, without a Backstage',
  help: `Runs the steps of each template.yaml on the cases in template.test.yaml beside it and in tests/*.yaml, and
compares what is then in the workspace with the folder \`snapshot\` of the case. Other actions than fetch:template,
fetch:plain, fs:rename, fs:delete, catalog:write, debug:log and goldenpath's are not run: a case gives their outputs.

  cases:
    - name: a small service
      parameters: { name: shop, repoUrl: github.com?owner=acme&repo=shop }
      user: { ref: user:default/ann }
      steps: { publish: { remoteUrl: https://github.com/acme/shop } }
      snapshot: tests/small          # default: snapshots/NAME
      policy: allow                  # what goldenpath:policy:check must say; also: deny, needs-approval
      error: no such place           # with which it must fail
      output: { links: [] }          # of the template

Options:
  --update                         Write the snapshots instead of comparing
${policyOption};
                                   goldenpath:policy:check asks it
${directoryOption}
  --coverage                       Name the conditions of skeletons that were never true, or never false
${configOption}
  --format pretty|json             Default: pretty

Examples:
  goldenpath template test templates/ --policy policy/ --directory people.yaml

Ends with 0 if all cases pass, 1 if one fails or there is none, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
      update: { type: 'boolean', default: false },
      policy: { type: 'string', multiple: true },
      directory: { type: 'string' },
      coverage: { type: 'boolean', default: false },
      config: { type: 'string' },
      format: { type: 'string', default: 'pretty' },
    });
    const json = oneOf('format', ['pretty', 'json'], values.format) === 'json';
    if (positionals.length === 0) {
      throw new Unusable('name a template, or a folder with templates');
    }
    const templates = await findTemplates(positionals);
    const { catalog } = await settingsFrom(values.config, { json });
    const runAll = (policy?: Policy) =>
      testAll(templates, { ...values, json, policy, catalog });
    if (!values.policy) return runAll();
    const files = await readPolicy(values.policy);
    return withPolicy({ files, directory: values.directory, json }, runAll);
  },
};

interface Options {
  update: boolean;
  coverage: boolean;
  json: boolean;
  policy?: Policy;
  catalog?: object;
}

async function testAll(
  templates: string[],
  options: Options,
): Promise<ExitCode> {
  const results: Result[] = [];
  const branches = new Map<string, TemplateBranch>();
  for (const template of templates) {
    const cases = await casesOf(template);
    const spec = await specOf(template);
    const covered = (found: TemplateBranch[]) =>
      found.forEach(branch => merge(branches, dirname(template), branch));
    for (const test of cases) {
      const { failure, wrong } = await runOne(
        { template, spec, test, covered },
        options,
      );
      const passed = wrong.length === 0;
      results.push({ template, name: test.name, passed, wrong });
      if (options.json) continue;
      print(`${passed ? 'ok  ' : 'FAIL'} ${template}: ${test.name}`);
      wrong.forEach(line => print(`       ${line}`));
      if (failure && !passed) {
        printDiagnostics(failure.diagnostics, failure.sources);
      }
    }
  }
  const all = [...branches.values()];
  if (options.json) printJson({ tests: results, branches: all });
  else summarize(results, all, options);
  const isFine = results.length > 0 && results.every(({ passed }) => passed);
  return isFine ? exit.ok : exit.findings;
}

interface One {
  template: string;
  spec: JsonObject;
  test: TestCase;
  covered(branches: TemplateBranch[]): void;
}

async function runOne(
  { template, spec, test, covered }: One,
  { policy, catalog, ...options }: Options,
): Promise<{ failure?: StepFailure; wrong: string[] }> {
  const workspace = await mkdtemp(join(tmpdir(), 'goldenpath-template-'));
  try {
    const run = await runCase(spec, test, {
      folder: resolve(dirname(template)),
      workspace,
      user: test.user,
      now: test.now ?? new Date().toISOString(),
      ...{ policy, catalog, covered },
    });
    const wrong = judge(test, run);
    // what a failed task leaves is thrown away
    if (wrong.length === 0 && !run.failure) {
      if (options.update) await update(workspace, test.snapshot);
      else wrong.push(...(await differences(workspace, test.snapshot)));
    }
    return { failure: run.failure, wrong };
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function specOf(template: string): Promise<JsonObject> {
  const file = await readSource(template);
  const entity = onlyValue(file, checkCatalogFile(file));
  const spec = isObject(entity) ? entity.spec : undefined;
  if (!isObject(spec)) throw new Unusable(`\`${template}\` is no template`);
  return spec;
}

function merge(
  branches: Map<string, TemplateBranch>,
  folder: string,
  branch: TemplateBranch,
) {
  const file = join(folder, branch.file);
  const key = `${file}:${branch.start.offset}:${branch.end.offset}`;
  const before = branches.get(key);
  branches.set(key, {
    ...branch,
    file,
    wasTrue: branch.wasTrue || (before?.wasTrue ?? false),
    wasFalse: branch.wasFalse || (before?.wasFalse ?? false),
  });
}

function summarize(
  results: Result[],
  branches: TemplateBranch[],
  { coverage }: Options,
) {
  if (coverage) {
    for (const { file, start, wasTrue, wasFalse } of branches) {
      if (wasTrue && wasFalse) continue;
      const never = wasTrue || wasFalse ? `never ${!wasTrue}` : 'never asked';
      print(`${file}:${start.line}:${start.column} was ${never}`);
    }
  }
  const passed = results.filter(result => result.passed).length;
  const taken = branches.flatMap(({ wasTrue, wasFalse }) =>
    [wasTrue, wasFalse].filter(Boolean),
  ).length;
  const covered =
    branches.length === 0
      ? ''
      : `; ${taken} of ${branches.length * 2} branches taken`;
  print(
    results.length === 0
      ? 'no cases: write them in template.test.yaml beside the template'
      : `${plural(results.length, 'case')}: ${passed} passed, ${
          results.length - passed
        } failed${covered}`,
  );
}
