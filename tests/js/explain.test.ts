// `goldenpath explain` and `goldenpath schema`.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { goldenpath } from './program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const editor = join(root, 'tests/cases/editor');

test('a code is explained as the documentation does', () => {
  const { status, stdout } = goldenpath(root, 'explain', 'catalog/invalid-tag');
  assert.equal(status, 0);
  assert.match(stdout, /^catalog\/invalid-tag\n/);
  for (const part of ['Wrong:', 'tags: [Kotlin]', 'Right:', 'tags: [kotlin]']) {
    assert.ok(stdout.includes(part), stdout);
  }
  const [, file, anchor] = /See (\S+)#(\S+)/.exec(stdout)!;
  const rules = readFileSync(join(root, 'js', file), 'utf8');
  const anchors = [...rules.matchAll(/^### (.+)$/gm)].map(([, heading]) =>
    heading.replace(/[^a-z0-9-]/g, ''),
  );
  assert.ok(anchors.includes(anchor), anchor);
});

test('all codes are listed', () => {
  const { stdout } = goldenpath(root, 'explain', '--list');
  assert.ok(stdout.includes('annotation/unknown-key\n    An annotation'));
  const json = goldenpath(root, 'explain', '--list', '--format', 'json');
  const rows = JSON.parse(json.stdout);
  assert.ok(rows.length > 180);
  assert.ok(rows.every(({ fix }: { fix: string }) => fix.length > 0));
});

test('a code that there is not ends with 2 and the near one', () => {
  for (const [args, said] of [
    [['catalog/invalid-tga'], 'did you mean `catalog/invalid-tag`?'],
    [['invalid-tag'], 'did you mean `catalog/invalid-tag`?'],
    [['colours'], 'see `goldenpath explain --list`'],
    [[], 'give codes, or --list'],
    [['catalog/invalid-tag', '--list'], 'give codes, or --list'],
  ] as const) {
    const { status, stderr } = goldenpath(root, 'explain', ...args);
    assert.equal(status, 2);
    assert.ok(stderr.includes(said), stderr);
  }
  const own = goldenpath(root, 'explain', 'organisation/on-call');
  assert.equal(own.status, 0);
  assert.match(own.stdout, /^organisation\/\*/);
});

test('the schema has the rules of the organisation', () => {
  const expected = readFileSync(join(editor, 'expected.schema.json'), 'utf8');
  const { status, stdout } = goldenpath(editor, 'schema');
  assert.equal(status, 0);
  assert.equal(stdout, expected);
  const one = goldenpath(editor, 'schema', '--kind', 'System');
  assert.deepEqual(JSON.parse(one.stdout).properties.kind.enum, ['System']);
});

test('a schema of a kind that there is not ends with 2', () => {
  const { status, stderr } = goldenpath(editor, 'schema', '--kind', 'Sytem');
  assert.equal(status, 2);
  assert.match(stderr, /did you mean `System`\?/);
  assert.equal(existsSync(join(editor, 'catalog-info.schema.json')), false);
});
