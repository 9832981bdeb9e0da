// The migration example is what its README says: what is imported, what changes, who may do what
// before and after. UPDATE_EXPECT=1 rewrites imported.yaml and report.txt.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const {
  checkCatalogFile,
  compareRhdh,
  compilePolicy,
  compileRhdh,
  formatDiagnostics,
  importRhdh,
} = createRequire(import.meta.url)('../../js');

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const folder = join(examples, 'policy-migration');
const files = {
  csv: source('policy.csv'),
  conditions: source('conditions.yaml'),
};
const directory = people();

test('the files are imported without a word', () => {
  const { files: written, diagnostics } = importRhdh(files);
  assert.equal(formatDiagnostics(diagnostics, Object.values(files)), '');
  compare('imported.yaml', written[0].content);
});

test('the report lists what changes', () => {
  compare('report.txt', compareRhdh(files, directory).text);
});

test('the people may what the README says, before and after', () => {
  const before = compileRhdh(files).policy;
  const after = compilePolicy(importRhdh(files).files).policy;
  before.setDirectory(directory);
  after.setDirectory(directory);
  const rows = readFileSync(join(folder, 'README.md'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').map(cell => cell.trim().replaceAll('`', '')));
  assert.ok(rows.length > 5);
  for (const [, name, resource, person, ...answers] of rows) {
    const request = {
      permission: permission(name),
      subject: { userEntityRef: `user:default/${person}` },
      ...(resource && { resource: entities().get(resource) }),
    };
    const decisions = [before, after].map(policy =>
      policy.decide(request).result === 'ALLOW' ? 'yes' : 'no',
    );
    assert.deepEqual(decisions, answers.slice(0, 2), `${person}: ${name}`);
  }
});

function permission(name) {
  const action =
    { refresh: 'update' }[name.split('.')[2]] ?? name.split('.')[2];
  const resourceType = name.startsWith('catalog.entity.')
    ? { resourceType: 'catalog-entity' }
    : {};
  return { name, action, ...resourceType };
}

function people() {
  const all = [...entities().values()];
  const groupRef = name => name && `group:default/${name}`;
  return {
    groups: all
      .filter(({ kind }) => kind === 'Group')
      .map(({ metadata, spec }) => ({
        ref: groupRef(metadata.name),
        parent: groupRef(spec.parent),
      })),
    users: all
      .filter(({ kind }) => kind === 'User')
      .map(({ metadata, spec }) => ({
        ref: `user:default/${metadata.name}`,
        memberOf: spec.memberOf.map(groupRef),
      })),
  };
}

/** Of the commerce stack, with the relation that the catalogue adds. */
function entities() {
  const stack = join(examples, 'catalog/commerce-stack');
  const found = new Map();
  for (const name of ['org.yaml', 'payment-service.yaml']) {
    const content = readFileSync(join(stack, name), 'utf8');
    for (const { entity, entityRef } of checkCatalogFile({ name, content })
      .documents) {
      const { owner } = entity.spec;
      const targetRef = `group:default/${owner}`;
      const relations = owner ? [{ type: 'ownedBy', targetRef }] : [];
      found.set(entityRef, { ...entity, relations });
    }
  }
  return found;
}

function source(name) {
  return { name, content: readFileSync(join(folder, name), 'utf8') };
}

function compare(name, actual) {
  const path = join(folder, name);
  if (process.env.UPDATE_EXPECT) writeFileSync(path, actual);
  assert.equal(actual, readFileSync(path, 'utf8'));
}
