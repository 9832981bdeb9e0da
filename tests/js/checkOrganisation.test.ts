import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder } from './folders.ts';
import { goldenpath } from './program.ts';

const settings = `catalog:
  rules: { catalog/unlisted-file: warning, catalog/missing-target: off }
  organisation:
    - name: documented
      require: { techdocs: true }
    - name: owned
      for: { kind: Component }
      require: { owner: Group }
  scorecard:
    levels:
      - { name: bronze, rules: [owned] }
      - { name: silver, rules: [documented] }
`;

const component = (name: string, annotations = '{}') => `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name}, annotations: ${annotations} }
spec: { type: service, lifecycle: production, owner: shop }
`;

const documented = '{ backstage.io/techdocs-ref: "dir:." }';

/** The findings of a run, as `code file:line`. */
function check(cwd: string, ...args: string[]) {
  const { stdout, stderr, status } = goldenpath(
    cwd,
    'check',
    '--format',
    'json',
    ...args,
  );
  assert.equal(stderr, '');
  const { files } = JSON.parse(stdout);
  const found = files.flatMap((file: any) => [
    ...file.diagnostics,
    ...file.documents.flatMap((document: any) => document.diagnostics),
  ]);
  const shown = found.map(
    ({ severity, code, file, start }: any) =>
      `${severity} ${code} ${file}:${start.line}`,
  );
  return { status, found: shown };
}

test('what the disk tells is judged: mkdocs.yml beside the file', t => {
  const cwd = folder(t, {
    'goldenpath.yaml': settings,
    'a/catalog-info.yaml': component('a', documented),
    'a/mkdocs.yml': 'site_name: a\n',
    'b/catalog-info.yaml': component('b', documented),
  });
  assert.deepEqual(check(cwd), {
    status: 1,
    found: ['error organisation/documented b/catalog-info.yaml:4'],
  });
});

test('findings on files obey weights and comments', t => {
  const cwd = folder(t, {
    'goldenpath.yaml': settings
      .replace(/ {4}- name: documented\n.*\n/, '')
      .replace(/.*silver.*\n/, ''),
    'catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: all }
spec: { targets: [./a/catalog-info.yaml, ./gone.yaml] }
`,
    'a/catalog-info.yaml': component('a'),
    'b/catalog-info.yaml': component('b'),
    'c/catalog-info.yaml': `# goldenpath-ignore catalog/unlisted-file: registered by hand${component(
      'c',
    )}`,
    'd/catalog-info.yaml': `# goldenpath-ignore catalog/target-itself: no Location${component(
      'd',
    )}`,
  });
  assert.deepEqual(check(cwd), {
    status: 0,
    found: [
      'warning catalog/unlisted-file b/catalog-info.yaml:1',
      'warning catalog/unlisted-file d/catalog-info.yaml:1',
      'warning catalog/unused-ignore d/catalog-info.yaml:1',
    ],
  });
});

test('a baseline hides what it knows, however its lines move, and nothing else', t => {
  const cwd = folder(t, {
    'goldenpath.yaml': settings,
    'catalog-info.yaml': component('a'),
  });
  const file = 'known.json';
  const update = ['--baseline', file, '--update-baseline'];
  const written = goldenpath(cwd, 'check', ...update);
  assert.equal(
    written.stdout,
    '1 file, 1 document: no problem, 1 in the baseline\n',
  );
  assert.equal(written.status, 0);
  const content = readFileSync(join(cwd, file), 'utf8');
  goldenpath(cwd, 'check', ...update);
  assert.equal(readFileSync(join(cwd, file), 'utf8'), content);

  const later = folder(t, {
    'goldenpath.yaml': settings,
    [file]: content,
    'catalog-info.yaml': `# a line\n${component('a')}---${component('b')}`,
  });
  assert.deepEqual(check(later, '--baseline', file), {
    status: 1,
    found: ['error organisation/documented catalog-info.yaml:10'],
  });

  const mended = folder(t, {
    'goldenpath.yaml': settings,
    [file]: content,
    'catalog-info.yaml': component('a', documented),
    'mkdocs.yml': 'site_name: a\n',
  });
  const run = goldenpath(mended, 'check', '--baseline', file);
  assert.equal(run.status, 0);
  assert.match(
    run.stdout,
    /^warning\[baseline\/stale-entry]: `organisation\/documented` of `component:default\/a` is not found any more\n --> known.json:4:5\n/,
  );
});

test('a baseline that cannot be used ends the run with 2', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': component('a'),
    'old.json': '{ "version": 0, "findings": [] }',
    'broken.json': '{ "version": ',
  });
  const old = goldenpath(cwd, 'check', '--baseline', 'old.json');
  assert.equal(old.status, 2);
  assert.match(old.stdout, /^error\[baseline\/unknown-version]/);
  assert.equal(old.stderr, 'goldenpath: `old.json` cannot be used\n');
  for (const [args, message] of [
    [['--baseline', 'broken.json'], /`broken.json` cannot be used/],
    [
      ['--baseline', 'none.json'],
      /no baseline `none.json`: --update-baseline writes it/,
    ],
    [['--update-baseline'], /--update-baseline needs --baseline FILE/],
  ] as const) {
    const { status, stderr } = goldenpath(cwd, 'check', ...args);
    assert.equal(status, 2);
    assert.match(stderr, message);
  }
});

test('a scorecard says how far every entity is', t => {
  const cwd = folder(t, {
    'goldenpath.yaml': settings,
    'catalog-info.yaml': [
      component('silver', documented),
      component('bronze'),
      component('none').replace('owner: shop', 'owner: user:jane'),
      `\n# goldenpath-ignore documented: later${component('ignored')}`,
    ].join('---'),
    'mkdocs.yml': 'site_name: a\n',
  });
  const pretty = goldenpath(cwd, 'check', '--scorecard');
  assert.equal(pretty.status, 1);
  assert.equal(
    pretty.stdout,
    `silver  component:default/silver   not known here: owned
bronze  component:default/bronze   for silver: documented; not known here: owned
-       component:default/none     for bronze: owned
bronze  component:default/ignored  for silver: documented; not known here: owned

4 entities: 2 bronze, 1 silver, 1 without a level
A rule whose finding is ignored or in a baseline has not passed.
`,
  );
  const json = goldenpath(cwd, 'check', '--scorecard', '--format', 'json');
  const { levels, without, entities } = JSON.parse(json.stdout);
  assert.deepEqual(levels, [
    { name: 'bronze', entities: 2 },
    { name: 'silver', entities: 1 },
  ]);
  assert.equal(without, 1);
  assert.deepEqual(entities[2], {
    entityRef: 'component:default/none',
    file: 'catalog-info.yaml',
    next: 'bronze',
    missing: ['owned'],
    unknown: [],
  });
  const markdown = goldenpath(
    cwd,
    'check',
    '--scorecard',
    '--format',
    'markdown',
  );
  assert.match(
    markdown.stdout,
    /^\| <code>component:default\/none<\/code> \| <code>-<\/code> \| <code>for bronze: owned<\/code> \|$/m,
  );
});

test('a scorecard without levels, or in a format that it has not, is refused', t => {
  const cwd = folder(t, { 'catalog-info.yaml': component('a') });
  const without = goldenpath(cwd, 'check', '--scorecard');
  assert.equal(without.status, 2);
  assert.match(without.stderr, /--scorecard needs `catalog.scorecard`/);
  const other = folder(t, {
    'goldenpath.yaml': settings,
    'catalog-info.yaml': component('a'),
  });
  const sarif = goldenpath(other, 'check', '--scorecard', '--format', 'sarif');
  assert.equal(sarif.status, 2);
  assert.match(sarif.stderr, /pretty, json, markdown, not `sarif`/);
});
