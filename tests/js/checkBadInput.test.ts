// Each bad file is a finding with a place, and the good file beside it is judged.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { type Tree, folder } from './folders.ts';
import { goldenpath } from './program.ts';

const system = (name: string) => `apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: ${name} }
spec: { owner: team-a }
`;
const utf16 = (text: string, mark: boolean) =>
  Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');

/** What is said of `bad/catalog-info.yaml`, after it is sure that the other file was judged. */
function judge(
  t: Parameters<typeof folder>[0],
  bad: Tree[string],
  files: Tree = {},
) {
  const cwd = folder(t, {
    ...files,
    'bad/catalog-info.yaml': bad,
    'good/catalog-info.yaml': system('good').replace('owner', 'onwer'),
  });
  return judgeIn(cwd);
}

function judgeIn(cwd: string) {
  const { status, stdout, stderr } = goldenpath(
    cwd,
    'check',
    '--format',
    'json',
  );
  assert.equal(stderr, '');
  assert.equal(status, 1);
  const said: Record<string, string[]> = {};
  for (const { file, diagnostics, documents } of JSON.parse(stdout).files) {
    const all = documents.flatMap((one: typeof documents) => one.diagnostics);
    said[file] = [...diagnostics, ...all].map(
      ({ code, start, message }) =>
        `${code} ${start.line}:${start.column} ${message}`,
    );
  }
  const good = said['good/catalog-info.yaml'];
  assert.deepEqual(
    good.filter(line => !line.startsWith('catalog/unlisted')),
    ['catalog/missing-field 4:9 `spec` has `onwer` instead of `owner`'],
  );
  return said['bad/catalog-info.yaml'] ?? said.bad ?? said.other;
}

const nothing: string[] = [];
const cases: Record<string, [bad: Tree[string], said: string[]]> = {
  'a byte order mark is no problem': [`\ufeff${system('bom')}`, nothing],
  'nor is CRLF': [system('crlf').replaceAll('\n', '\r\n'), nothing],
  'a problem behind CRLF and a mark has its line and column': [
    `\ufeff${system('a b').replaceAll('\n', '\r\n')}`,
    ['catalog/invalid-name 3:19 `a b` is no valid name'],
  ],
  'tabs for indentation': [
    'kind: System\nmetadata:\n\tname: a\n',
    ['yaml/tab 3:2 a tab is used for indentation'],
  ],
  'UTF-16 with a mark': [
    utf16(system('a'), true),
    ['source/not-utf-8 1:1 the file is UTF-16 text, not UTF-8'],
  ],
  'UTF-16 without one': [
    utf16(system('a'), false),
    ['source/nul 1:2 the file is UTF-16 text, not UTF-8'],
  ],
  'a binary file': [
    Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
    ['source/not-utf-8 1:1 the file is binary, not UTF-8 text'],
  ],
  'Latin 1': [
    Buffer.from('a: 1\nb: caf\xe9\n', 'latin1'),
    ['source/not-utf-8 2:7 the file is not UTF-8 text'],
  ],
  'a NUL character': [
    `${system('a')}# \0\n`,
    ['source/nul 5:3 the file has a NUL character, which no text has'],
  ],
  'an empty file': [
    '',
    ['catalog/no-entity 1:1 there is no entity in `bad/catalog-info.yaml`'],
  ],
  'comments only': [
    '# nothing\n---\n# yet\n',
    ['catalog/no-entity 1:1 there is no entity in `bad/catalog-info.yaml`'],
  ],
  'a folder in the place of a file': [
    null,
    [
      'source/unreadable 1:1 `bad/catalog-info.yaml` cannot be read: it is a folder',
    ],
  ],
  'a link that leads nowhere': [
    { link: 'nowhere' },
    [
      'source/unreadable 1:1 `bad/catalog-info.yaml` cannot be read: it is a link that leads nowhere',
    ],
  ],
  'a link to itself': [
    { link: 'catalog-info.yaml' },
    [
      'source/unreadable 1:1 `bad/catalog-info.yaml` cannot be read: it is a link that leads to itself',
    ],
  ],
  'a link to a device without end': [
    { link: '/dev/zero' },
    [
      'source/unreadable 1:1 `bad/catalog-info.yaml` cannot be read: it is no regular file',
    ],
  ],
};

for (const [name, [bad, said]] of Object.entries(cases)) {
  test(name, t => assert.deepEqual(judge(t, bad), said));
}

test('a pipe, which would never end', t => {
  const cwd = folder(t, {
    'bad/other': '',
    'good/catalog-info.yaml': system('good').replace('owner', 'onwer'),
  });
  const made = spawnSync('mkfifo', [join(cwd, 'bad/catalog-info.yaml')]);
  assert.equal(made.status, 0);
  assert.deepEqual(judgeIn(cwd), [
    'source/unreadable 1:1 `bad/catalog-info.yaml` cannot be read: it is no regular file',
  ]);
});

test(
  'a file and a folder without permission',
  { skip: process.getuid?.() === 0 && 'root may read everything' },
  t => {
    const cwd = folder(t, {
      'bad/catalog-info.yaml': system('a'),
      'good/catalog-info.yaml': system('good').replace('owner', 'onwer'),
    });
    chmodSync(join(cwd, 'bad/catalog-info.yaml'), 0);
    assert.match(judgeIn(cwd)[0], /source\/unreadable .* permission denied$/);
    chmodSync(join(cwd, 'bad'), 0);
    try {
      assert.match(judgeIn(cwd)[0], /source\/unreadable .* permission denied$/);
    } finally {
      chmodSync(join(cwd, 'bad'), 0o755);
    }
  },
);

test('a flood of documents is read to the end, or refused with a place', t => {
  const many = (document: string) => `${document}---\n`.repeat(50_000);
  const lines = judge(t, many('kind: System\n'));
  assert.match(lines.at(-1) ?? '', /^catalog\/missing-field /);
  assert.match(lines.join('\n'), /source\/limit-exceeded /);
  assert.ok(lines.length < 1_100, `${lines.length}`);
  assert.deepEqual(judge(t, many('# nothing\n')), [
    'catalog/no-entity 1:1 there is no entity in `bad/catalog-info.yaml`',
  ]);
});

test('a Location that leads out of its repository or to itself', t => {
  const location = (target: string) =>
    system('a')
      .replace('System', 'Location')
      .replace('{ owner: team-a }', `{ target: ${target} }`);
  assert.deepEqual(judge(t, location('../../../etc/passwd')), [
    'catalog/target-outside 4:17 `../../../etc/passwd` is outside of the repository',
  ]);
  assert.deepEqual(judge(t, location('./catalog-info.yaml')), [
    'catalog/target-itself 4:17 `./catalog-info.yaml` is the file of the Location itself',
  ]);
});

test('a target that is a folder or broken', t => {
  const text = system('a')
    .replace('System', 'Location')
    .replace('{ owner: team-a }', '{ targets: [./sub, ./binary.yaml] }');
  const cwd = folder(t, {
    'bad/catalog-info.yaml': text,
    'bad/sub/x': '',
    'bad/binary.yaml': Buffer.from([0xff, 0]),
    'good/catalog-info.yaml': system('good').replace('owner', 'onwer'),
  });
  assert.deepEqual(judgeIn(cwd), [
    'catalog/missing-target 4:19 `./sub` is no file',
  ]);
});

test('a configuration that cannot be used ends with 2, and says where', t => {
  const settle = (content: Tree[string]) => {
    const cwd = folder(t, {
      'catalog-info.yaml': system('a'),
      'goldenpath.yaml': content,
    });
    const { status, stdout, stderr } = goldenpath(cwd, 'check');
    assert.equal(status, 2);
    assert.match(stderr, /^goldenpath: .*goldenpath.yaml/);
    return stdout;
  };
  assert.match(settle('a: [b\n'), /error\[yaml\/unclosed\][^]*yaml:1:4/);
  assert.match(settle('catalgo: {}\n'), /settings\/unknown-key[^]*yaml:1:1/);
  assert.match(settle(utf16('a: 1', true)), /source\/not-utf-8\]: .*UTF-16/);
  assert.match(settle('a: \0'), /source\/nul/);
  assert.equal(settle(null), '');
  assert.equal(settle({ link: 'goldenpath.yaml' }), '');
});

test('what is named on the command line and is not there ends with 2', t => {
  const { status, stderr } = goldenpath(folder(t), 'check', 'nowhere.yaml');
  assert.equal(status, 2);
  assert.match(stderr, /^goldenpath: cannot read `nowhere.yaml`: /);
});
