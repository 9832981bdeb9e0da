import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { compilePolicy } from '../../js/dist/index.js';
import { Atlantis, NOW } from './atlantis.ts';
import { goldenpath, program } from './program.ts';

/** A bot's commit that ann asked for. */
function requested(t: Parameters<typeof test>[0] & any, ...signing: string[]) {
  const atlantis = new Atlantis(t);
  writeFileSync(join(atlantis.cwd, 'repo/services/shop/db.tf'), '# db\n');
  atlantis.commit('Add a database', atlantis.sign(...signing));
  return atlantis;
}

test('who owns what is planned may plan and apply', t => {
  const atlantis = requested(t);
  for (const [command, login] of [
    ['plan', 'ann-gh'],
    ['apply', 'bob-gh'],
    ['apply', 'BOB-gh'],
    ['apply', 'sam-gh'],
  ]) {
    const { status, stdout, stderr, passes } = atlantis.asks(command, login);
    assert.deepEqual([status, stderr, passes], [0, '', true], stdout);
  }
});

test('the report has the decision of the engine, byte by byte', t => {
  const atlantis = requested(t);
  atlantis.asks('apply', 'bob-gh');
  const { authorized, check, decision } = atlantis.report();
  assert.equal(authorized, true);
  assert.deepEqual(check.decision, decision);
  assert.deepEqual(
    [decision.result, decision.reasons[0].rule],
    ['ALLOW', 'apply-own'],
  );
});

test('whom the policy refuses does not pass, and reads why', t => {
  const atlantis = requested(t);
  const production = { env: { WORKSPACE: 'production' } };
  const denied = atlantis.asks('apply', 'bob-gh', production);
  assert.deepEqual([denied.status, denied.passes], [0, false]);
  assert.match(denied.stdout, /^- not-production \(policy\.yaml:\d+\): .*\n/);
  assert.match(denied.stdout, /\nrefused\n$/);

  const silent = { env: { WORKSPACE: '' } };
  assert.ok(!atlantis.asks('apply', 'bob-gh', silent).passes);

  const elsewhere = { env: { REPO_REL_PATH: 'services/cart' } };
  const unknown = atlantis.asks('apply', 'bob-gh', elsewhere);
  assert.deepEqual([unknown.status, unknown.passes], [0, false]);
  assert.match(
    unknown.stdout,
    /no entity .*goldenpath\/terraform: acme\/platform-config\/\/services\/cart/,
  );
  assert.ok(atlantis.asks('apply', 'sam-gh', elsewhere).passes);
  const below = { env: { REPO_REL_PATH: './services/shop/eu/' } };
  assert.ok(atlantis.asks('apply', 'bob-gh', below).passes);
});

test('who asked for it does not apply it', t => {
  const atlantis = requested(t);
  const { status, stdout, passes } = atlantis.asks('apply', 'ann-gh');
  assert.deepEqual([status, passes], [0, false]);
  assert.match(stdout, /`user:default\/ann` asked for it \(request task-7\)/);
  const own = { env: { PULL_AUTHOR: 'ann-gh' } };
  assert.ok(atlantis.asks('apply', 'ann-gh', own).passes, 'no bot, no proof');
});

test('nobody is passed without the proof of who asked', t => {
  const atlantis = requested(t);
  const refuses = (problem: RegExp) => {
    const { status, stdout, passes } = atlantis.asks('apply', 'sam-gh');
    assert.deepEqual([status, passes], [0, false]);
    assert.match(stdout, problem);
  };
  const trailer = atlantis.git('log', '-1', '--format=%(trailers)');

  atlantis.commit('The same proof, on another commit', trailer);
  refuses(/is for another commit/);
  writeFileSync(join(atlantis.cwd, 'repo/services/shop/db.tf'), '# more\n');
  atlantis.commit('No proof');
  refuses(/has no line `Goldenpath-Provenance`/);
  const valid = atlantis.sign();
  atlantis.commit('Two proofs', valid, valid);
  refuses(/has several/);
  atlantis.commit('Forged', atlantis.sign('--key', 'other.pem'));
  refuses(/not signed with a known key/);
  const [name, payload, signature] = atlantis.sign().split('.');
  const changed = Buffer.from(payload, 'base64url')
    .toString()
    .replace('user:default/ann', 'user:default/bob');
  const forged = [name, Buffer.from(changed).toString('base64url'), signature];
  atlantis.commit('Changed', forged.join('.'));
  refuses(/signature of the provenance is wrong/);
  atlantis.commit('Elsewhere', atlantis.sign('--repository', 'acme/other'));
  refuses(/for the repository acme\/other/);
  atlantis.commit('Late', atlantis.sign('--expires', NOW));
  refuses(/expired at 2026-11-24T12:00:00Z/);
  atlantis.commit('Early', atlantis.sign('--now', '2026-11-24T12:00:01Z'));
  refuses(/of the future/);
  atlantis.commit('Mere text', `Goldenpath-Provenance: pass`);
  refuses(/malformed/);

  atlantis.commit('Good again', atlantis.sign());
  assert.ok(atlantis.asks('apply', 'sam-gh').passes);
  assert.ok(atlantis.asks('plan', 'sam-gh').passes);
});

test('approvals count the votes for what was planned, but not of who asked', t => {
  const atlantis = requested(t, '--digest', 'sha256:1b2c');
  const asks = (by: string, digest: string, at = NOW) => {
    const votes = JSON.stringify([{ by, digest, at, approve: true }]);
    writeFileSync(join(atlantis.cwd, 'votes.json'), votes);
    const args = ['--policy', 'four-eyes.yaml', '--votes', 'votes.json'];
    return atlantis.asks('apply', 'sam-gh', { args });
  };
  assert.ok(asks('user:default/bob', 'sha256:1b2c').passes);
  for (const [by, digest, at, said] of [
    ['user:default/ann', 'sha256:1b2c', NOW, /is pending, it needs 1 of group/],
    ['user:default/bob', 'sha256:ffff', NOW, /two-of-us is void/],
    ['user:default/bob', 'sha256:1b2c', '2026-11-22T12:00:00Z', /is expired/],
  ] as const) {
    const { status, stdout, passes } = asks(by, digest, at);
    assert.deepEqual([status, passes], [0, false]);
    assert.match(stdout, said);
    assert.match(stdout, /\(user:default\/bob\)/);
  }
  assert.equal(atlantis.report().check.outcome, 'needs-approval');
});

test('before the pull request is known, who is known is asked about again', t => {
  const atlantis = new Atlantis(t);
  const preFlight = true;
  const first = atlantis.asks('apply', 'ann-gh', { preFlight });
  assert.ok(first.passes);
  assert.match(first.stdout, /asks again for each project/);
  assert.ok(!atlantis.asks('apply', 'mallory', { preFlight }).passes);
  const env = { CHECK_TYPE: 'project' };
  assert.equal(atlantis.asks('apply', 'ann-gh', { preFlight, env }).status, 2);

  assert.ok(atlantis.asks('unlock', 'bob-gh', { preFlight }).passes);
  const stricter = [
    ...['--policy', 'policy.yaml'],
    ...['--permission', 'unlock=goldenpath.platform.apply'],
    ...['--permission', 'destroy=goldenpath.platform.apply'],
  ];
  for (const command of ['unlock', 'destroy']) {
    const asked = { args: stricter, preFlight };
    assert.ok(!atlantis.asks(command, 'bob-gh', asked).passes, 'once only');
  }
});

test('a key without its bot would trust whatever the bot opens', t => {
  const atlantis = requested(t);
  const files = ['--policy=policy.yaml', '--directory=org.yaml'];
  for (const [one, other] of [
    ['--key=bot.pub', /--bot is missing/],
    ['--bot=portal[bot]', /--key is missing/],
  ] as const) {
    const { status, stderr } = goldenpath(
      atlantis.cwd,
      ...['atlantis-authz', ...files, one, 'apply', 'acme/platform-config'],
    );
    assert.equal(status, 2);
    assert.match(stderr, other);
  }
});

test('who is not known is refused, with help', t => {
  const atlantis = requested(t);
  const { status, stdout, passes } = atlantis.asks('plan', 'mallory');
  assert.deepEqual([status, passes], [0, false]);
  assert.match(stdout, /nobody is known by the login `mallory`/);
  assert.match(stdout, /^help: .*github\.com\/user-login/m);
  const args = [
    ...['--policy', 'policy.yaml'],
    ...['--user', 'mallory=user:default/sam'],
  ];
  assert.ok(atlantis.asks('plan', 'mallory', { args }).passes);
  const [line] = goldenpath(atlantis.cwd, 'atlantis-authz').stderr.split('\n');
  assert.match(line, /Atlantis gives a command and a repository/);
});

test('what cannot be used ends with another code, and never passes', t => {
  const atlantis = requested(t);
  const broken = { args: ['--policy', 'broken.yaml'] };
  for (const [status, said, given] of [
    [1, /error\[policy\//, broken],
    [2, /cannot read `none\.yaml`/, { args: ['--policy', 'none.yaml'] }],
    [2, /USER_NAME/, { env: { USER_NAME: '' } }],
    [2, /HEAD_COMMIT/, { env: { HEAD_COMMIT: '' } }],
    [2, /PULL_AUTHOR/, { env: { PULL_AUTHOR: '' } }],
    [2, /no full id/, { env: { HEAD_COMMIT: '--help' } }],
    [2, /cannot read commit/, { env: { HEAD_COMMIT: 'a'.repeat(40) } }],
    [2, /leaves the repository/, { env: { REPO_REL_PATH: '../x' } }],
    [2, /COMMAND_NAME is `plan`/, { env: { COMMAND_NAME: 'plan' } }],
    [2, /BASE_REPO/, { env: { BASE_REPO_NAME: 'other' } }],
    [
      2,
      /no key in PEM/,
      { args: ['--policy', 'policy.yaml', '--key', 'org.yaml'] },
    ],
    [
      2,
      /--permission is/,
      { args: ['--policy', 'policy.yaml', '--permission', 'apply'] },
    ],
  ] as const) {
    const answer = atlantis.asks('apply', 'bob-gh', {
      ...given,
      args: given.args && [...given.args],
    } as object);
    assert.deepEqual([answer.status, answer.passes], [status, false]);
    assert.match(answer.stdout + answer.stderr, said);
  }
  const unheard = { env: { COMMAND_NAME: 'destroy' } };
  const { status, stderr } = atlantis.asks('destroy', 'sam-gh', unheard);
  assert.equal(status, 2);
  assert.match(stderr, /--permission COMMAND=NAME/);
});

test('names of people and teams are no options and not the last word', t => {
  const atlantis = requested(t);
  const none = { env: { WORKSPACE: 'production' } };
  for (const teams of [
    ['acme/x', '--policy', 'allow-all.yaml', 'acme/y'],
    ['--user', 'bob-gh=user:default/sam'],
    ['acme/x\npass'],
    ['--'],
    ['-h'],
    ['pass'],
    [],
  ]) {
    assert.ok(!atlantis.asks('apply', 'bob-gh', { ...none, teams }).passes);
  }
  for (const login of [
    'x\npass',
    'x\r\npass\r\n',
    'x\u2028pass',
    'x\u0085pass',
    '`\npass',
    'pass',
    '\u202epass\n\n',
    '__proto__',
    'constructor',
  ]) {
    const { stdout, stderr, passes } = atlantis.asks('apply', login);
    assert.ok(!passes);
    assert.match(stdout, /\nrefused\n$/);
    assert.equal(stderr, '');
    assert.doesNotMatch(stdout, /[\r\u2028\u0085\u202e]/);
  }
});

test('as the README sets it up, in the shell that Atlantis uses', t => {
  const atlantis = requested(t);
  const readme = readFileSync(
    join(import.meta.dirname, '../../js/README.md'),
    'utf8',
  );
  const [, list] = / {2}args:\n((?: {4}- .*\n)+)/.exec(readme) ?? [];
  const args: string[] = parse(list).map((one: string) =>
    one.replace('/etc/goldenpath/', '').replace('portal.pub', 'bot.pub'),
  );
  assert.equal(args[0], 'atlantis-authz');
  const command = [
    ...[process.execPath, program, ...args, `--now=${NOW}`],
    ...['apply', 'acme/platform-config', 'acme/My Team', 'acme/my-team'],
  ].join(' ');
  const runs = (login: string) =>
    execFileSync('sh', ['-c', `${command} 2>&1`], {
      cwd: atlantis.cwd,
      encoding: 'utf8',
      env: { ...atlantis.variables('apply', login), PATH: process.env.PATH },
    });
  assert.match(runs('bob-gh'), /\npass\n$/);
  assert.match(runs('ann-gh'), /somebody else has to run `apply`\nrefused\n$/);
});

test('the permissions compile without a warning', () => {
  const names = ['plan', 'apply', 'approve'];
  const content = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
rules:
  - id: all
    effect: allow
    permissions: [${names.map(name => `goldenpath.platform.${name}`).join()}]
    when: { owner: $ownership }
`;
  const { diagnostics } = compilePolicy([{ name: 'p.yaml', content }]);
  assert.deepEqual(diagnostics, []);
});
