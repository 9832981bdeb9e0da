// The documentation is true: commands print what it says, YAML is accepted, every path it names exists.
// A block is tested by the second word of its opening line:
//   ```console test    each line after `$` is run, and what follows it must be printed
//   ```yaml policy     is compiled as a policy        ```yaml catalog     is checked as entities
//   ```yaml goldenpath must be settings of a goldenpath.yaml
//   ```yaml settings   its keys must be in the plugin's config.d.ts
// UPDATE_EXPECT=1 rewrites what commands print.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

const { checkCatalogFile, compilePolicy, formatDiagnostics, readSettings } =
  createRequire(import.meta.url)('../../js');

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

for (const { file, session, line } of sessions()) {
  const [command] = session.split('\n');
  test(`${file}:${line}: ${command}`, () => {
    const actual = `${command}\n${run(command)}`.trimEnd();
    if (process.env.UPDATE_EXPECT) update(file, session, actual);
    else assert.equal(actual, session);
  });
}

for (const { file: name, body, line } of blocks('yaml', 'catalog')) {
  test(`${name}:${line}: the entities are valid`, () => {
    const file = { name, content: body };
    const report = checkCatalogFile(file);
    assert.ok(report.documents.length > 0);
    const all = [
      ...report.diagnostics,
      ...report.documents.flatMap(document => document.diagnostics),
    ];
    assert.equal(formatDiagnostics(all, [file]), '');
  });
}

for (const { file: name, body, line } of blocks('yaml', 'policy')) {
  test(`${name}:${line}: the policy is valid`, () => {
    const file = { name, content: body };
    const { policy, diagnostics } = compilePolicy([file]);
    assert.equal(formatDiagnostics(diagnostics, [file]), '');
    assert.ok(policy);
  });
}

for (const { file: name, body, line } of blocks('yaml', 'goldenpath')) {
  test(`${name}:${line}: goldenpath.yaml may say that`, () => {
    const file = { name, content: body };
    const { settings, diagnostics } = readSettings(file);
    assert.equal(formatDiagnostics(diagnostics, [file]), '');
    assert.ok(settings);
  });
}

for (const { file: name, body, line } of blocks('yaml', 'settings')) {
  test(`${name}:${line}: the settings exist`, () => {
    const schema = readFileSync(
      join(root, 'plugin-package/config.d.ts'),
      'utf8',
    );
    for (const key of keys(parse(body))) {
      assert.match(schema, new RegExp(`\\b${key}\\??:`), key);
    }
  });
}

test('the README has something to test of every sort', () => {
  assert.ok(sessions().length > 0);
  for (const sort of ['goldenpath', 'policy', 'settings']) {
    assert.ok(blocks('yaml', sort).length > 0, sort);
  }
});

test('every path of the codemap and the tables exists', () => {
  const [codemap] = blocks('text', 'codemap');
  const paths = [...codemapPaths(codemap.body), ...tablePaths()];
  assert.ok(paths.length > 30);
  assert.ok(codemap.body.split('\n').length <= 60, 'the codemap is too long');
  const missing = paths.filter(path => !existsSync(join(root, path)));
  assert.deepEqual(missing, []);
});

test('every relative link leads somewhere', () => {
  const missing = documents().flatMap(file =>
    links(file)
      .filter(target => !existsSync(join(dirname(file), target)))
      .map(target => `${relative(root, file)}: ${target}`),
  );
  assert.deepEqual(missing, []);
});

test('the versions are those that the example installs', () => {
  const [, section] = /^## Versions\n([^]*?)^## /m.exec(readme);
  const { packages } = JSON.parse(
    readFileSync(join(root, 'examples/backstage/package-lock.json'), 'utf8'),
  );
  const named = [...section.matchAll(/([a-z-]+) (\d+\.\d+\.\d+)/g)];
  assert.ok(named.length >= 4);
  for (const [, name, version] of named) {
    const installed =
      packages[`node_modules/@backstage/plugin-${name}`] ??
      packages[`node_modules/@backstage/${name}`];
    assert.equal(installed?.version, version, name);
  }
});

/** The fenced blocks of one language and sort. */
function blocks(language, sort) {
  const fence = new RegExp(
    `^\`\`\`${language} ${sort}\n([^]*?)\n\`\`\`$`,
    'gm',
  );
  return documents().flatMap(path => {
    const text = readFileSync(path, 'utf8');
    return [...text.matchAll(fence)].map(({ 1: body, index }) => ({
      file: relative(root, path),
      line: text.slice(0, index).split('\n').length,
      body,
    }));
  });
}

/** The console blocks, a command and what it prints at a time. */
function sessions() {
  return blocks('console', 'test').flatMap(({ body, ...place }) =>
    body
      .split(/^\$ /m)
      .slice(1)
      .map(session => ({ session: session.trimEnd(), ...place })),
  );
}

function update(file, session, actual) {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(`$ ${session}`, () => `$ ${actual}`),
  );
}

/** Runs what the documents call `npx goldenpath` by the clone's own program, and adds a failure's exit code. */
function run(command) {
  assert.match(command, /^npx goldenpath /);
  const program = `'${process.execPath}' js/bin/goldenpath.js `;
  const { status, stdout, stderr } = spawnSync(
    command.replace('npx goldenpath ', () => program),
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
      shell: true,
    },
  );
  return stdout + stderr + (status === 0 ? '' : `# exit code ${status}\n`);
}

function keys(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)]);
}

/** The codemap is a tree by indentation: `folder/`, or a file, and then what it is. */
function codemapPaths(body) {
  const folders = [];
  return body.split('\n').flatMap(line => {
    const [, indent, names] = /^( *)(\S+(?:, \S+)*)(?: {2}|$)/.exec(line) ?? [];
    if (!names) return [];
    const depth = indent.length / 2;
    const path = name => [...folders.slice(0, depth), name].join('');
    folders[depth] = names;
    return names.split(', ').map(path);
  });
}

/** The paths in backticks of the table below "Where do I add". */
function tablePaths() {
  const [, section] = /^## Where do I add[^\n]*\n([^]*?)^## /m.exec(readme);
  return [...section.matchAll(/`([\w./-]+\/[\w./-]*)`/g)].map(
    ([, path]) => path,
  );
}

/** Every Markdown file that someone reads here; a template's skeletons are the services' own. */
function documents() {
  const ours = ['', 'js', 'plugin-package', 'examples', 'tests'];
  return ours.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: folder === 'examples' })
      .filter(name => name.endsWith('.md'))
      .filter(name => !/node_modules|skeleton|^_/.test(name))
      .map(name => join(root, folder, name)),
  );
}

function links(file) {
  const text = readFileSync(file, 'utf8').replace(/^```[^]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target.split('#')[0])
    .filter(target => target && !/^[a-z]+:/.test(target));
}
