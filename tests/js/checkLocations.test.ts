import assert from 'node:assert/strict';
import { test } from 'node:test';

import { folder } from './folders.ts';
import { goldenpath } from './program.ts';

const group = (name: string) => `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: ${name} }
spec: { type: team, children: [] }
`;

const location = (
  spec: string,
  name = 'all',
) => `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: ${name} }
spec:
  ${spec}
`;

/** `severity code file:line:column message` of everything that was found, and the files. */
function check(cwd: string, ...args: string[]) {
  const run = goldenpath(cwd, 'check', '--format', 'json', ...args);
  assert.equal(run.stderr, '');
  const { files } = JSON.parse(run.stdout);
  const found = [];
  for (const { diagnostics, documents } of files) {
    const all = documents.flatMap((one: typeof documents) => one.diagnostics);
    for (const one of [...diagnostics, ...all]) {
      const { severity, code, file, start, message } = one;
      const place = `${file}:${start.line}:${start.column}`;
      found.push(`${severity} ${code} ${place} ${message}`);
    }
  }
  return {
    status: run.status,
    files: files.map(({ file }: { file: string }) => file),
    found,
  };
}

test('check follows the targets of Locations, and those of theirs', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': location('targets: [./org/all.yaml, /teams/*.yaml]'),
    'org/all.yaml': location('target: ../people.yaml', 'org'),
    'people.yaml': group('people'),
    'teams/a.yaml': group('a'),
    'teams/b.yaml': group('b').replace('type', 'tpye'),
    'teams/deep/c.yaml': group('c'),
  });
  const { status, files, found } = check(cwd);
  assert.equal(status, 1);
  assert.deepEqual(files, [
    'catalog-info.yaml',
    'org/all.yaml',
    'teams/a.yaml',
    'teams/b.yaml',
    'people.yaml',
  ]);
  assert.equal(found.length, 1);
  assert.match(found[0], /^error catalog\/missing-field teams\/b.yaml:4:9 /);
});

test('check says which files no Location lists, where there are some', t => {
  const files = {
    'a/catalog-info.yaml': group('a'),
    'b/catalog-info.yaml': group('b'),
  };
  assert.deepEqual(check(folder(t, files)).found, []);
  const cwd = folder(t, {
    ...files,
    'catalog-info.yaml': location('targets: [./a/catalog-info.yaml]'),
  });
  assert.deepEqual(check(cwd), {
    status: 0,
    files: ['a/catalog-info.yaml', 'b/catalog-info.yaml', 'catalog-info.yaml'],
    found: [
      'info catalog/unlisted-file b/catalog-info.yaml:1:1 no Location lists `b/catalog-info.yaml`',
    ],
  });
});

test('globs of Locations go through folders, and none takes long', t => {
  const name = 'a'.repeat(200);
  const cwd = folder(t, {
    'catalog-info.yaml': location(
      [
        'targets:',
        '    - ./*/**/of-?.yaml',
        `    - ./${'*a'.repeat(20)}b`,
        `    - ./${'*'.repeat(70_000)}c`,
        `    - ./${'**/'.repeat(500)}d`,
      ].join('\n'),
    ),
    [`${name}.yaml`]: '',
    'x/of-1.yaml': group('one'),
    'x/.y/z/of-2.yaml': group('two'),
    'x/of-10.yaml': group('ten'),
    'of-3.yaml': group('three'),
  });
  const { files, found } = check(cwd);
  assert.deepEqual(files, [
    'catalog-info.yaml',
    'x/.y/z/of-2.yaml',
    'x/of-1.yaml',
  ]);
  assert.equal(found.length, 3);
  for (const one of found) assert.match(one, /no file matches/);
});

test('check leaves to Backstage what is elsewhere', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': `${location(
      'targets: [https://github.com/acme/x/blob/main/all.yaml]',
    )}---\n${location('type: ldap-org\n  target: ou=people', 'ldap')}`,
    'sub/catalog-info.yaml': group('a'),
  });
  assert.deepEqual(check(cwd).found, []);
});

test('a target that cannot be read is a finding at its place', t => {
  const outside = folder(t, { 'secret.yaml': group('secret') });
  const cwd = folder(t, {
    'catalog-info.yaml': location(
      [
        'targets:',
        '    # not ./gone.yaml.bak',
        '    - ./gone.yaml',
        '    - ../out.yaml',
        '    - ./link.yaml',
        '    - ./folder',
        '    - ./none-*.yaml',
        '    - ../*.yaml',
        '    - ./catalog-info.yaml',
        '    - "\\0"',
      ].join('\n'),
    ),
    folder: null,
    'link.yaml': { link: `${outside}/secret.yaml` },
  });
  const { status, files, found } = check(cwd);
  assert.equal(status, 1);
  assert.deepEqual(files, ['catalog-info.yaml']);
  assert.deepEqual(
    found.filter(line => !line.includes('\0')),
    [
      'error catalog/missing-target catalog-info.yaml:7:7 `./gone.yaml` is no file',
      'warning catalog/target-outside catalog-info.yaml:8:7 `../out.yaml` is outside of the repository',
      'warning catalog/target-outside catalog-info.yaml:9:7 `./link.yaml` is outside of the repository',
      'error catalog/missing-target catalog-info.yaml:10:7 `./folder` is no file',
      'warning catalog/missing-target catalog-info.yaml:11:7 no file matches `./none-*.yaml`',
      'warning catalog/missing-target catalog-info.yaml:12:7 no file matches `../*.yaml`',
      'warning catalog/target-itself catalog-info.yaml:13:7 `./catalog-info.yaml` is the file of the Location itself',
    ],
  );
  assert.equal(found.length, 8);
});

test('an optional target may be missing', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': location('presence: optional\n  target: ./gone.yaml'),
  });
  assert.deepEqual(check(cwd).found, []);
});

test('Locations that list each other end', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': location('target: ./b.yaml'),
    'b.yaml': location('target: ./catalog-info.yaml', 'b'),
  });
  assert.deepEqual(check(cwd), {
    status: 0,
    files: ['catalog-info.yaml', 'b.yaml'],
    found: [],
  });
});

test('the root is that of the Git repository, wherever the program runs', t => {
  const cwd = folder(t, {
    '.git': null,
    'sub/catalog-info.yaml': location('target: ../people.yaml'),
    'people.yaml': group('people'),
  });
  assert.deepEqual(check(`${cwd}/sub`).found, []);
  assert.equal(check(`${cwd}/sub`).files.length, 2);
  assert.equal(check('/', cwd).files.length, 2);
});

test('a search leaves to templates what is theirs', t => {
  const skeleton = group('${{ values.name }}');
  const cwd = folder(t, {
    'one/template.yaml':
      'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n',
    'one/catalog-info.yaml': group('one'),
    'one/skeleton/catalog-info.yaml': skeleton,
    'one/plain/catalog-info.yaml': group('plain'),
    'one/snapshots/small/catalog-info.yaml': group('shop'),
    'one/tests/large/catalog-info.yaml': group('shop'),
    // of another tool
    'stack/template.yaml': "AWSTemplateFormatVersion: '2010-09-09'\n",
    'stack/tests/catalog-info.yaml': group('stack'),
    'lost/catalog-info.yaml': skeleton,
  });
  const { files, found } = check(cwd);
  assert.deepEqual(files, [
    'lost/catalog-info.yaml',
    'one/catalog-info.yaml',
    'one/plain/catalog-info.yaml',
    'stack/tests/catalog-info.yaml',
  ]);
  assert.equal(found.length, 1);
  assert.match(found[0], /^error yaml\/syntax lost\//);
  for (const path of ['one/skeleton', 'one/skeleton/catalog-info.yaml']) {
    assert.equal(check(cwd, path).status, 1, 'who names it means it');
  }
});

test('what a Location lists and cannot be read is not said to be listed nowhere', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': location('targets: [./a/catalog-info.yaml]'),
    'a/catalog-info.yaml': null,
  });
  const codes = check(cwd).found.map(line => line.split(' ')[1]);
  assert.deepEqual(codes.sort(), [
    'catalog/missing-target',
    'source/unreadable',
  ]);
});
