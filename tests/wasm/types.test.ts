// js/src/types.ts is written by hand; here the core must keep to it, both ways.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import {
  type AuthzenRequest,
  type CatalogOptions,
  type CedarSnapshot,
  type CheckRequest,
  type DecisionRequest,
  type Directory,
  type GovernedTemplates,
  type Limits,
  type OrganisationRule,
  type KindDefinition,
  type PolicyLintOptions,
  type PolicyOptions,
  type PolicyTestOptions,
  type RenderOptions,
  type RhdhOptions,
  Renderer,
  catalogOptions,
  checkCatalogFile,
  compareRhdh,
  compilePolicy,
  compileRhdh,
  exportCedar,
  importRhdh,
  readSettings,
  settleFindings,
} from 'goldenpath';
import ts from 'typescript';

import { area, inputs, json, text } from './cases.ts';

const limits: Required<Limits> = {
  sourceBytes: 100_000,
  depth: 50,
  nodes: 10_000,
  aliases: 10,
  fuel: 10_000,
  callbacks: 1000,
  outputBytes: 100_000,
};

const permission = {
  name: 'acme.thing.read',
  action: 'read',
  resourceType: 'acme-thing',
} as const;

test('every answer about a catalogue file has the declared type', () => {
  const answers = [
    ...inputs('catalog', '.yaml').map(name => read('catalog', name)),
    ...inputs('yaml', '.yaml').map(name => read('yaml', name)),
    { name: 'bytes.yaml', content: Uint8Array.of(0xff) },
  ].map(file => checkCatalogFile(file));
  assertType('CatalogReport[]', answers);
});

test('every answer about an organisation has the declared type', () => {
  const { settings } = readSettings(read('settings', 'organisation.yaml'));
  const known = catalogOptions(settings!.catalog).options;
  const options = { ...known, now: '2026-06-01T00:00Z' };
  const folders = inputs('organisation', 'catalog-info.yaml');
  const reports = folders.map(name => ({
    file: name,
    ...checkCatalogFile(read('organisation', name), options),
  }));
  assertType('FileReport[]', reports);
  const answers = [
    settleFindings(reports, {}, options),
    settleFindings(reports, { known: [], present: [] }, options),
    settleFindings(reports, { updateBaseline: true }, options),
    settleFindings(reports, { baseline: { name: 'a', content: '[' } }),
  ];
  assertType('SettledFindings[]', answers);
});

test('every answer about settings has the declared type', () => {
  const answers = inputs('settings', '.yaml').map(name =>
    readSettings(read('settings', name)),
  );
  assertType('SettingsReading[]', answers);
});

test('every answer about a policy has the declared type', () => {
  const folders = new Set(inputs('policy', '.yaml').map(name => dirname(name)));
  const diagnostics = [];
  const decisions = [];
  const checks = [];
  const questions = [];
  const results = [];
  for (const folder of folders) {
    const path = join(area('policy'), folder);
    const files = inputs('policy', '.yaml').filter(
      name => dirname(name) === folder,
    );
    const compiled = compilePolicy(files.map(name => read('policy', name)));
    diagnostics.push(...compiled.diagnostics);
    const { policy } = compiled;
    const directory: Directory | undefined = json(join(path, 'directory.json'));
    if (policy && directory) policy.setDirectory(directory);
    const requests: Record<string, DecisionRequest> =
      json(join(path, 'requests.json')) ?? {};
    for (const request of Object.values(requests)) {
      if (policy) decisions.push(policy.decide(request));
    }
    const consents: Record<string, CheckRequest> =
      json(join(path, 'checks.json')) ?? {};
    for (const request of Object.values(consents)) {
      if (policy) checks.push(policy.check(request));
    }
    const foreign: Record<string, AuthzenRequest> =
      json(join(path, 'authzen.json')) ?? {};
    const answered = json(join(path, 'expected-authzen.json')) ?? {};
    for (const [sentence, request] of Object.entries(foreign)) {
      if (policy && !answered[sentence].error) {
        questions.push(policy.authzen(request));
      }
    }
    if (policy) results.push(...policy.runTests());
  }
  assertType('Diagnostic[]', diagnostics);
  assertType('Decision[]', decisions);
  assertType('CheckResult[]', checks);
  assertType('AuthzenQuestions[]', questions);
  assertType('PolicyTestResult[]', results);
});

test('every answer about files of another engine has the declared type', () => {
  const imported = [];
  const reports = [];
  const decisions = [];
  for (const name of inputs('policy-import', 'policy.csv')) {
    const path = join(area('policy-import'), dirname(name));
    const options = json(join(path, 'options.json'));
    const content = text(join(path, 'conditions.yaml'));
    const files = {
      csv: read('policy-import', name),
      ...(content && { conditions: { name: 'conditions.yaml', content } }),
    };
    imported.push(importRhdh(files, options));
    const directory = json(join(path, 'directory.json'));
    if (!directory) continue;
    reports.push(compareRhdh(files, directory, options));
    const { policy } = compileRhdh(files, options);
    policy!.setDirectory(directory);
    const requests: Record<string, DecisionRequest> =
      json(join(path, 'requests.json')) ?? {};
    for (const request of Object.values(requests)) {
      decisions.push(policy!.decide(request));
    }
  }
  assertType('ImportedPolicy[]', imported);
  assertType('MigrationReport[]', reports);
  assertType('Decision[]', decisions);
  const exports = inputs('policy-export', 'policy.yaml').map(name => {
    const { policy } = compilePolicy([read('policy-export', name)]);
    const folder = join(area('policy-export'), dirname(name));
    return exportCedar(policy!, json(join(folder, 'snapshot.json')));
  });
  assertType('CedarExport[]', exports);
});

test('every answer about a template has the declared type', () => {
  const renderer = new Renderer({ strict: true });
  const sources = ['${{ a }}', '${{ b }}', '${{', '{% if %}', '${{ a | nix }}'];
  assertType(
    'RenderResult[]',
    sources.map(content =>
      renderer.renderText({ name: 'a.txt', content }, { a: 1 }),
    ),
  );
  const paths = [
    '${{ a }}/b',
    '${{ b }}',
    '{% if false %}x{% endif %}',
    '../a',
  ];
  assertType(
    'RenderedPath[]',
    paths.map(path => renderer.renderPath(path, { a: 1 })),
  );
});

test('the core takes every declared option', () => {
  const governed: Required<GovernedTemplates> = {
    types: ['environment'],
    permission: 'goldenpath.environment.create',
    actions: ['goldenpath:*'],
    onNeedsApproval: 'output',
  };
  const rule: Required<OrganisationRule> = {
    name: 'on-call',
    for: { kind: 'Component', not: { tags: ['exempt'] } },
    require: { onCall: true, owner: 'Group', annotations: { a: [1, true] } },
    allow: { 'spec.lifecycle': ['production'] },
    severity: 'warning',
    message: 'nobody is called',
    help: 'ask',
    docs: 'https://example.com',
    since: '2026-01-01',
    dueBy: '2026-12-31',
  };
  const kind: Required<KindDefinition> = {
    apiVersion: ['acme.com/v1'],
    kind: 'Robot',
    specType: 'welder',
    schema: { type: 'object' },
    relationFields: [{ path: 'spec.owner', defaultKind: 'Group' }],
  };
  const catalog: Required<CatalogOptions> = {
    plugins: ['sentry'],
    knownAnnotations: ['acme.com/*'],
    kinds: [kind],
    model: [kind],
    organisation: [rule],
    scorecard: { levels: [{ name: 'gold', rules: ['on-call'] }] },
    now: '2026-06-01T00:00Z',
    unknownFields: 'info',
    governedTemplates: [governed],
    rules: {
      'catalog/invalid-tag': 'warning',
      'catalog/invalid-link': { Component: 'off', '*': 'info' },
    },
    limits,
  };
  const policy: Required<PolicyOptions> = {
    permissions: [permission],
    budgetBytes: 1000,
    limits,
  };
  const request: Required<CheckRequest> = {
    permission,
    subject: { userEntityRef: 'user:default/ann', ownershipEntityRefs: [] },
    resource: {},
    now: '2026-01-01T00:00:00Z',
    zoneOffsets: { 'Europe/Berlin': 60 },
    context: { ticket: 'OPS-1' },
    digest: 'sha256:1',
    requester: 'user:default/bob',
    votes: [
      {
        by: 'user:default/cy',
        at: '2026-01-01T00:00:00Z',
        digest: 'sha256:1',
        approve: true,
      },
    ],
  };
  const tests: Required<PolicyTestOptions> = { entities: [] };
  const lint: Required<PolicyLintOptions> = {
    permissions: { plugins: [] },
    budgetBytes: 1000,
    now: '2026-01-01T00:00:00Z',
    zoneOffsets: { 'Europe/Berlin': 60 },
    context: { ticket: 'OPS-1' },
  };
  const render: Required<RenderOptions> = {
    cookiecutterCompat: false,
    tags: {
      blockStart: '<%',
      blockEnd: '%>',
      variableStart: '${{',
      variableEnd: '}}',
      commentStart: '<#',
      commentEnd: '#>',
    },
    trimBlocks: true,
    lstripBlocks: true,
    strict: true,
    escape: 'auto',
    secrets: ['secrets'],
    coverage: true,
    templates: { 'a.txt': '!' },
    filters: { shout: value => String(value).toUpperCase() },
    globals: { answer: 42 },
    limits,
  };
  checkCatalogFile({ name: 'a.yaml', content: '' }, catalog);
  const compiled = compilePolicy([], policy).policy!;
  assert.equal(compiled.check(request).outcome, 'deny');
  assert.deepEqual(compiled.runTests(tests), []);
  assert.deepEqual(compiled.lint(lint), []);
  const { output } = new Renderer(render).renderText(
    {
      name: 'a.txt',
      content: '${{ word | shout }} ${{ answer }}<% include "a.txt" %><# no #>',
    },
    { word: 'loud' },
  );
  assert.equal(output, 'LOUD 42!');
});

test('the core takes every declared option of an exchange', () => {
  const options: Required<RhdhOptions> = {
    permissions: [permission],
    precedence: 'basic',
    limits,
  };
  const snapshot: Required<CedarSnapshot> = {
    directory: { groups: [], users: [] },
    entities: [],
    resources: [{ id: 'a', resource: {} }],
    now: '2026-01-01T00:00:00Z',
    zoneOffsets: { 'Europe/Berlin': 60 },
    context: { reason: 'why' },
  };
  importRhdh({ csv: { name: 'a.csv', content: '' } }, options);
  const { policy } = compilePolicy([]);
  assert.equal(exportCedar(policy!, snapshot).policies, '');
});

test('an option that is not declared is refused', () => {
  const misspelt = { unknownFeilds: 'off' } as CatalogOptions;
  assert.throws(
    () => checkCatalogFile({ name: 'a.yaml', content: '' }, misspelt),
    /unknownFeilds/,
  );
});

function read(folder: string, name: string) {
  return { name, content: text(join(area(folder), name)) ?? '' };
}

/** Lets the compiler judge: a literal may lack no field, and have none that its type does not. */
function assertType(type: string, value: unknown) {
  const types = join(import.meta.dirname, '../../js/src/types.ts');
  const source =
    `import type { ${type.replace('[]', '')} } from './types';\n` +
    `export const value: ${type} = ${JSON.stringify(value, null, 1)};\n`;
  const name = join(dirname(types), 'only-in-this-test.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = path => path === name || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === name
      ? ts.createSourceFile(path, source, ts.ScriptTarget.ES2022)
      : getSourceFile(path, ...rest);
  const problems = ts.getPreEmitDiagnostics(
    ts.createProgram([name], options, host),
  );
  assert.equal(
    ts.formatDiagnostics(problems.slice(0, 3), {
      getCanonicalFileName: path => path,
      getCurrentDirectory: () => process.cwd(),
      getNewLine: () => '\n',
    }),
    '',
  );
}
