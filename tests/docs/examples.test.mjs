// The examples are what they claim to be: the catalogue is valid, the broken descriptors are broken
// in exactly these ways, the policy answers as its README says, and what the template renders runs.
// UPDATE_EXPECT=1 rewrites the *.expected.txt files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const { checkCatalogFile, compilePolicy, formatDiagnostics, renderSkeleton } =
  createRequire(import.meta.url)('../../js');

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

test('the catalogue is valid', () => {
  const folder = join(examples, 'catalog/commerce-stack');
  const refs = yamlFiles(folder).flatMap(name => {
    const report = check(folder, name);
    assert.equal(text(report, folder, name), '');
    return report.documents.map(document => document.entityRef);
  });
  assert.equal(new Set(refs).size, refs.length, 'two entities of one name');
  assert.ok(refs.includes('component:default/payment-service'));
});

test('every reference within the catalogue leads to an entity', () => {
  const entities = commerceStack();
  for (const { kind, metadata, spec } of entities.values()) {
    const refs = {
      group: [spec.owner, spec.parent, spec.children, spec.memberOf],
      system: [spec.system],
      domain: [spec.domain],
      api: [spec.providesApis, spec.consumesApis],
    };
    const targets = Object.entries(refs)
      .flatMap(([kindOfRef, names]) =>
        names.flat().map(name => name && `${kindOfRef}:default/${name}`),
      )
      .filter(Boolean);
    for (const target of targets) {
      assert.ok(entities.has(target), `${kind} ${metadata.name}: ${target}`);
    }
  }
});

test('the annotations that look alive are found', () => {
  const folder = join(examples, 'catalog/dead-annotations');
  const { stdout, status } = goldenpath(
    folder,
    'check',
    '--config',
    'goldenpath.yaml',
  );
  assert.equal(status, 0, 'warnings do not fail');
  const expected = join(folder, 'expected.txt');
  if (process.env.UPDATE_EXPECT) writeFileSync(expected, stdout);
  assert.equal(stdout, readFileSync(expected, 'utf8'));
  const codes = [...stdout.matchAll(/\[(annotation\/[a-z-]+)\]/g)].map(
    ([, code]) => code,
  );
  assert.deepEqual(codes.sort(), [
    'annotation/missing',
    'annotation/missing',
    'annotation/missing',
    'annotation/secret-in-git',
    'annotation/unexpanded-variable',
    'annotation/unknown-key',
    'annotation/unknown-key',
  ]);
});

const broken = join(examples, 'catalog/broken');
const brokenReadme = readFileSync(join(broken, 'README.md'), 'utf8');

for (const name of yamlFiles(broken)) {
  test(`broken/${name} has the errors that stand beside it`, () => {
    const report = check(broken, name);
    const diagnostics = all(report);
    assert.ok(diagnostics.some(({ severity }) => severity === 'error'));
    compare(
      join(broken, name.replace(/yaml$/, 'expected.txt')),
      text(report, broken, name),
    );
  });

  test(`broken/${name} is in the README with its codes`, () => {
    const row = brokenReadme
      .split('\n')
      .find(line => line.startsWith(`| [${name}](${name}) `));
    assert.ok(row, `no row for ${name}`);
    const named = [...row.split('|')[2].matchAll(/`([a-z-]+\/[a-z-]+)`/g)];
    const codes = all(check(broken, name)).map(({ code }) => code);
    assert.deepEqual(
      named.map(([, code]) => code).sort(),
      [...new Set(codes)].sort(),
    );
  });
}

test('the policy answers as its README says', () => {
  const folder = join(examples, 'policy');
  const files = yamlFiles(folder).map(name => ({
    name,
    content: readFileSync(join(folder, name)),
  }));
  const { policy, diagnostics } = compilePolicy(files);
  assert.equal(formatDiagnostics(diagnostics, files), '');

  const entities = commerceStack();
  policy.setDirectory(directoryOf(entities));
  const [people, ...questions] = tables(join(folder, 'README.md'));
  assert.ok(questions.length > 10);
  for (const [permission, resource, ...answers] of questions) {
    people.slice(2).forEach((person, index) => {
      const decision = policy.decide({
        permission: permissionInfo(permission),
        subject: { userEntityRef: `user:default/${person}` },
        resource: resourceOf(resource, entities),
      });
      assert.equal(
        decision.result,
        answers[index] === 'yes' ? 'ALLOW' : 'DENY',
        `${person}: ${permission} ${resource}`,
      );
    });
  }
});

const template = join(examples, 'templates/new-service');
const exampleValues = {
  ...check(template, 'example-values.yaml').documents[0].entity,
  // whatever a form may send
  description: 'Pays: cards # "really" \\ ${{ values.name }} {% if %}',
};

test('the template is a valid entity', () => {
  const report = check(template, 'template.yaml');
  assert.equal(text(report, template, 'template.yaml'), '');
});

for (const language of ['typescript', 'python']) {
  for (const database of [true, false]) {
    const title = `${language}, ${database ? 'with' : 'without'} a database`;
    test(`the template renders a service: ${title}`, async t => {
      const target = mkdtempSync(join(tmpdir(), 'goldenpath-example-'));
      t.after(() => rmSync(target, { recursive: true }));
      const values = { ...exampleValues, language, database };
      const service = join(target, 'service');
      await render('skeleton/common', service, values);
      await render(`skeleton/${language}`, service, values);
      await render('platform', join(target, 'platform'), values);
      await render('platform-quota', join(target, 'platform'), values);

      assertDescriptor(service, database);
      assertFiles(service, database);
      assertPlatformFiles(join(target, 'platform'), database);
      runTests(t, service, language);
    });
  }
}

async function render(skeleton, target, values) {
  const { diagnostics } = await renderSkeleton({
    source: join(template, skeleton),
    target,
    context: { values },
    renderer: { strict: true },
  });
  assert.equal(formatDiagnostics(diagnostics), '');
}

function assertDescriptor(service, database) {
  const report = check(service, 'catalog-info.yaml');
  assert.equal(text(report, service, 'catalog-info.yaml'), '');
  const [component] = report.documents;
  assert.equal(
    component.entity.metadata.description,
    exampleValues.description,
  );
  assert.deepEqual(
    report.documents.map(document => document.entityRef),
    [
      'component:default/fraud-check',
      'api:default/fraud-check-api',
      ...(database ? ['resource:default/fraud-check-database'] : []),
    ],
  );
}

function assertFiles(service, database) {
  assert.ok(
    existsSync(join(service, 'openapi/fraud-check.yaml')),
    'a rendered name',
  );
  assert.equal(
    existsSync(join(service, 'compose.yaml')),
    database,
    'a file on condition',
  );
  assert.equal(
    lstatSync(join(service, 'scripts/smoke.sh')).mode & 0o111,
    0o111,
    'a mode',
  );
  assert.deepEqual(
    readFileSync(join(service, 'docs/logo.png')),
    readFileSync(join(template, 'skeleton/common/docs/logo.png')),
    'bytes as they are',
  );
  const link = join(service, '.nvmrc');
  if (lstatSync(link, { throwIfNoEntry: false })) {
    assert.equal(readlinkSync(link), '.node-version');
  }
  assert.match(
    readFileSync(join(service, '.github/workflows/ci.yml'), 'utf8'),
    /\$\{\{ github\.workflow \}\}-\$\{\{ github\.ref \}\}[^]*--tag fraud-check:ci/,
    "GitHub's own expressions, and ours",
  );
}

function assertPlatformFiles(platform, database) {
  const folder = join(platform, 'services/fraud-check');
  assert.deepEqual(readdirSync(folder).sort(), [
    ...(database ? ['database.tf'] : []),
    'main.tf',
    'quota.auto.tfvars.json',
    'terraform.tfvars.json',
  ]);
  assert.deepEqual(
    JSON.parse(readFileSync(join(folder, 'terraform.tfvars.json'), 'utf8')),
    { name: 'fraud-check', owner: 'group:default/payments', team: 'payments' },
  );
  assert.ok(existsSync(join(platform, 'argocd/apps/fraud-check.yaml')));
}

/** Runs the command in a folder. */
function goldenpath(cwd, ...args) {
  const program = fileURLToPath(
    new URL('../../js/bin/goldenpath.js', import.meta.url),
  );
  return spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
  });
}

function runTests(t, cwd, language) {
  // a test runner within a test runner reports to the outer one otherwise
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const [program, ...args] =
    language === 'typescript'
      ? [process.execPath, '--test', '--test-reporter=tap']
      : ['python3', '-m', 'unittest'];
  const result = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (result.error?.code === 'ENOENT') {
    t.diagnostic(`${program} is not installed: the rendered tests did not run`);
    return;
  }
  const output = result.stdout + result.stderr;
  assert.equal(result.status, 0, output);
  assert.match(output, /^# pass 2$|^Ran 2 tests /m);
}

/** The entities of the commerce stack by ref, owned as Backstage would say it. */
function commerceStack() {
  const folder = join(examples, 'catalog/commerce-stack');
  const documents = yamlFiles(folder).flatMap(
    name => check(folder, name).documents,
  );
  return new Map(
    documents.map(({ entityRef, entity }) => {
      const { owner } = entity.spec;
      const relations = owner
        ? [{ type: 'ownedBy', targetRef: `group:default/${owner}` }]
        : [];
      return [entityRef, { ...entity, relations }];
    }),
  );
}

function directoryOf(entities) {
  const groupRef = name => name && `group:default/${name}`;
  const named = kind =>
    [...entities].filter(([, entity]) => entity.kind === kind);
  return {
    groups: named('Group').map(([ref, { spec }]) => ({
      ref,
      parent: groupRef(spec.parent),
    })),
    users: named('User').map(([ref, { spec }]) => ({
      ref,
      memberOf: spec.memberOf.map(groupRef),
    })),
  };
}

function permissionInfo(name) {
  const resourceType = Object.entries({
    'catalog.entity.': 'catalog-entity',
    'scaffolder.template.': 'scaffolder-template',
    'scaffolder.action.': 'scaffolder-action',
    'scaffolder.task.read': 'scaffolder-task',
  }).find(([prefix]) => name.startsWith(prefix))?.[1];
  const action = { refresh: 'update', execute: undefined };
  const verb = name.slice(name.lastIndexOf('.') + 1);
  return {
    name,
    resourceType,
    action: verb in action ? action[verb] : verb,
  };
}

function resourceOf(cell, entities) {
  if (cell === '') return undefined;
  if (cell.startsWith('{')) return JSON.parse(cell);
  assert.ok(entities.has(cell), cell);
  return entities.get(cell);
}

/** The rows of a file's one table, without the line below the head and without code marks. */
function tables(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('|') && !/^\|[ |-]+$/.test(line))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim().replaceAll('`', '')),
    );
}

function yamlFiles(folder) {
  const names = readdirSync(folder).filter(name => name.endsWith('.yaml'));
  assert.ok(names.length > 0, `no example in ${folder}`);
  return names.sort();
}

function check(folder, name) {
  return checkCatalogFile({ name, content: readFileSync(join(folder, name)) });
}

function all({ diagnostics, documents }) {
  return [
    ...diagnostics,
    ...documents.flatMap(document => document.diagnostics),
  ];
}

function text(report, folder, name) {
  const content = readFileSync(join(folder, name));
  return formatDiagnostics(all(report), [{ name, content }]);
}

function compare(file, actual) {
  if (process.env.UPDATE_EXPECT) writeFileSync(file, actual);
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  assert.equal(actual, expected);
}
