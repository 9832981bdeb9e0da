import assert from 'node:assert/strict';
import { test } from 'node:test';

import { folder } from './folders.ts';
import { directory, policy } from './policies.ts';
import { goldenpath } from './program.ts';

test('diff names who gains and who loses, and the lines', t => {
  const cwd = folder(t, {
    'old/p.yaml': policy,
    'new/p.yaml': policy
      .split('tests:')[0]
      .replace('entity.read]', 'entity.refresh]'),
    's.yaml': `directory:\n  ${directory.trim().replaceAll('\n', '\n  ')}\n`,
  });
  const diff = (...args: string[]) =>
    goldenpath(cwd, 'policy', 'diff', ...args, '--snapshot', 's.yaml');
  const { status, stdout } = diff('old', 'new/p.yaml', '--format', 'json');
  assert.equal(status, 1);
  const { gained, lost } = JSON.parse(stdout);
  assert.deepEqual(
    [gained, lost].map(([{ permission, users }]) => [permission, users]),
    [
      ['catalog.entity.refresh', ['user:default/bob']],
      ['catalog.entity.read', ['user:default/bob']],
    ],
  );
  assert.match(diff('old', 'new').stdout, /read {2}old\/p\.yaml:7 {2}\(old\)/);
  assert.deepEqual(diff('old', 'old'), {
    status: 0,
    stdout: 'nobody gains or loses anything\n',
    stderr: '',
  });
});

test('diff knows members of groups from a directory', t => {
  const cwd = folder(t, {
    'd.yaml': directory,
    'old.yaml': policy.replace('team-a]', 'team-b]'),
    'new.yaml': policy,
  });
  const args = ['policy', 'diff', 'old.yaml', 'new.yaml'];
  const { status, stdout } = goldenpath(cwd, ...args, '--directory', 'd.yaml');
  assert.equal(status, 1);
  assert.match(stdout, /gained {2}catalog.entity.read[^]*user:default\/bob/);
});

test('diff is about a moment, the present if none is named', t => {
  const bind = (until: string) =>
    policy.replace('team-a] }', `team-a], until: ${until} }`);
  const at = (when: string) => `when: { time: { within: ${when} } }`;
  const rule = (when: string) =>
    `${policy
      .split('tests:')[0]
      .trimEnd()}\n  - { id: more, effect: allow, permissions: [catalog.location.read], ${when} }\n`;
  const cwd = folder(t, {
    'p.yaml': policy,
    'past.yaml': bind('2020-01-01T00:00:00Z'),
    'zone.yaml': rule(at("'Mon 08:00-18:00 Asia/Tokyo'")),
    'fact.yaml': rule('when: { context: { tier: dev } }'),
    'dev.yaml': 'tier: dev',
    's.yaml': `directory:\n  ${directory.trim().replaceAll('\n', '\n  ')}\n`,
  });
  const diff = (next: string, ...args: string[]) =>
    goldenpath(cwd, 'policy', 'diff', 'p.yaml', next, '--snapshot', 's.yaml', ...args); // prettier-ignore
  assert.match(diff('past.yaml').stdout, /lost/);
  assert.equal(diff('past.yaml', '--now', '2019-12-01T00:00:00Z').status, 0);
  // 09:00 in Tokyo, and 19:00
  const read = /gained {2}catalog\.location\.read/;
  assert.match(diff('zone.yaml', '--now', '2026-11-23T00:00:00Z').stdout, read);
  assert.equal(diff('zone.yaml', '--now', '2026-11-23T10:00:00Z').status, 0);
  assert.match(diff('fact.yaml').stdout, /not known at this moment[^]*`more`/);
  assert.doesNotMatch(
    diff('fact.yaml', '--context', 'dev.yaml').stdout,
    /not known/,
  );
});
