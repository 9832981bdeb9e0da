// The README's table of bad input is true: a generator for each of its rows, and the code it names.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const { checkCatalogFile, compilePolicy, Renderer, renderSkeleton } =
  createRequire(import.meta.url)('../../js');

const placeholder = `apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: a, description: { $text: ./README.md } }
spec: { owner: team-a }
`;

const inputs = {
  'YAML that cannot be read': () => check('a: [b\nc: d'),
  'a list where an entity should be': () => check('- apiVersion: v1'),
  'a file that is not UTF-8': () => check(Buffer.from([0x61, 0x3a, 0xe9])),
  'a file with a NUL character': () => check('a: \0'),
  'a placeholder for a file that is not there': () => check(placeholder),
  '10,000 levels of nesting': () => check('['.repeat(10_000)),
  'aliases that multiply (an alias bomb)': () => check(aliasBomb()),
  'a file of 5 MB': () => check('x'.repeat(5_000_000)),
  'an unknown permission in a policy': () =>
    compile('permissions: [catalog.entity.raed]'),
  'a condition on a permission without a resource': () =>
    compile('permissions: [scaffolder.task.create]\n    when: { kind: API }'),
  'an unknown variable in a template': () => render('${{ values.nmae }}'),
  'an unknown filter': () => render('${{ values.name | uper }}'),
  'a loop without end': () =>
    render(
      `{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}`,
    ),
  'a file name that leads out of the target': () =>
    skeleton(folder =>
      writeFileSync(join(folder, '${{ values.outside }}'), 'x'),
    ),
  'a symbolic link that does': () =>
    skeleton(folder => symlinkSync('/etc/passwd', join(folder, 'link'))),
  'an error in the last of many files': () =>
    skeleton(folder => writeFileSync(join(folder, 'z'), '${{ values.nmae }}')),
};

const rows = new Map(
  readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    .match(/^## What happens to bad input$([^]*?)^## /m)[1]
    .split('\n')
    .filter(line => /^\| .*`/.test(line))
    .map(line => line.split('|').map(cell => cell.trim()))
    .map(([, input, code]) => [input, code.replaceAll('`', '')]),
);

test('the table has a row for each input', () => {
  assert.deepEqual([...rows.keys()].sort(), Object.keys(inputs).sort());
});

for (const [input, run] of Object.entries(inputs)) {
  test(`${input}: one diagnostic, with a place`, async () => {
    const [diagnostic, ...more] = await run();
    assert.equal(diagnostic.code, rows.get(input));
    assert.equal(diagnostic.severity, 'error');
    assert.ok(diagnostic.start.line >= 1 && diagnostic.start.column >= 1);
    assert.deepEqual(more, []);
  });
}

test('documents that are empty are left out, as Backstage does', () => {
  const { diagnostics, documents } = checkCatalogFile(file('---\n---\n'));
  assert.deepEqual([diagnostics, documents], [[], []]);
});

function check(content) {
  const empty = { path: 'a.yaml', read: () => ({ failure: 'missing' }) };
  const report = checkCatalogFile(file(content), {}, empty);
  const { diagnostics, documents } = report;
  return [
    ...diagnostics,
    ...documents.flatMap(document => document.diagnostics),
  ];
}

function compile(rule) {
  const head = 'apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\nrules:\n';
  const content = `${head}  - id: a\n    effect: allow\n    ${rule}\n`;
  const { policy, diagnostics } = compilePolicy([file(content)]);
  assert.equal(policy, undefined);
  return diagnostics;
}

function render(content) {
  const renderer = new Renderer({ strict: true });
  const context = { values: { name: 'x' } };
  const { output, diagnostics } = renderer.renderText(file(content), context);
  assert.equal(output, undefined);
  return diagnostics;
}

/** Renders a folder with some good files and what `spoil` adds; nothing may be written. */
async function skeleton(spoil) {
  const folder = mkdtempSync(join(tmpdir(), 'goldenpath-bad-'));
  try {
    const [source, target] = [join(folder, 'source'), join(folder, 'target')];
    mkdirSync(source);
    for (const name of 'abc') writeFileSync(join(source, name), 'good');
    spoil(source);
    const { diagnostics } = await renderSkeleton({
      source,
      target,
      context: { values: { outside: '../../outside' } },
      renderer: { strict: true },
    });
    assert.ok(!existsSync(target), 'nothing is written');
    return diagnostics;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function aliasBomb() {
  const names = 'abcdefghij';
  const lines = [...names].map((name, index) => {
    const before = index === 0 ? 'x' : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array(10).fill(before)}]`;
  });
  return lines.join('\n');
}

function file(content) {
  return { name: 'input', content };
}
