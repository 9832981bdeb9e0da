import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { folder, tree } from './folders.ts';
import { directory, policy } from './policies.ts';
import { goldenpath } from './program.ts';

const shop = (owner: string) => `kind: Component
metadata: { name: shop }
relations: [{ type: ownedBy, targetRef: "${owner}" }]
`;

const files = {
  'p.yaml': policy,
  'd.yaml': directory,
  'ours.yaml': shop('group:default/team-a'),
  'none.yaml': 'kind: Group',
  'theirs.yaml': shop('group:default/team-b'),
  'empty/README.md': '',
};

const asked = ['--policy', 'p.yaml', '--directory', 'd.yaml'];
const deleting = ['--permission', 'catalog.entity.delete'];
const bob = ['--as', 'user:default/bob'];

function ask(t: TestContext, ...args: string[]) {
  return goldenpath(folder(t, files), 'policy', ...args);
}

test('explain names the rule with its line and the path to the role', t => {
  const about = [...asked, ...bob, ...deleting, '--resource', 'ours.yaml'];
  const { status, stdout } = ask(t, 'explain', ...about);
  assert.equal(status, 0);
  assert.match(stdout, /^ALLOW {2}user:default\/bob {2}catalog.entity.delete/);
  assert.match(stdout, /delete-own {2}p\.yaml:8/);
  assert.match(stdout, /user:default\/bob.*group:default\/team-a.*engineer/);
});

test('a resource may be an entity as its owners wrote it', t => {
  const cwd = folder(t, {
    ...files,
    'catalog-info.yaml':
      'kind: API\nmetadata: { name: x }\nspec: { owner: team-a }\n',
  });
  const about = [...asked, ...bob, ...deleting];
  const args = ['explain', ...about, '--resource', 'catalog-info.yaml'];
  assert.match(goldenpath(cwd, 'policy', ...args).stdout, /^ALLOW /);
});

test('explain of a refusal says what was missing', t => {
  const about = [...asked, ...bob, ...deleting, '--resource', 'theirs.yaml'];
  const { status, stdout } = ask(t, 'explain', ...about);
  assert.equal(status, 0);
  assert.match(stdout, /^DENY /);
  assert.match(stdout, /nearest miss: delete-own {2}p\.yaml:8/);
  const json = ask(t, 'explain', ...about, '--format', 'json').stdout;
  assert.equal(JSON.parse(json).nearestMiss.rule, 'delete-own');
});

test('who-can and what-can answer for all users and all permissions', t => {
  const json = ['--format', 'json'];
  const who = ask(t, 'who-can', ...asked, ...deleting, ...json);
  const [{ result, users }] = JSON.parse(who.stdout).answers;
  assert.deepEqual([result, users], ['CONDITIONAL', ['user:default/bob']]);

  const what = ask(t, 'what-can', ...asked, ...bob, ...json);
  const may = JSON.parse(what.stdout).permissions.filter(
    (one: { result: string }) => one.result !== 'DENY',
  );
  assert.deepEqual(
    may.map((one: { name: string }) => one.name),
    ['catalog.entity.read', 'catalog.entity.delete'],
  );
});

test('--now decides whether a binding has ended', t => {
  const ending = policy.replace(
    'team-a] }',
    'team-a], until: 2026-06-01T00:00Z }',
  );
  const cwd = folder(t, { ...files, 'p.yaml': ending });
  const result = (now: string) => {
    const read = [...bob, '--permission', 'catalog.entity.read'];
    const args = ['explain', ...asked, ...read, '--format', 'json'];
    const { stdout } = goldenpath(cwd, 'policy', ...args, '--now', now);
    return JSON.parse(stdout).decision.result;
  };
  assert.equal(result('2026-05-31T23:59:59Z'), 'ALLOW');
  assert.equal(result('2026-06-02T00:00:00Z'), 'DENY');
});

test('users and groups may be in a catalogue file', t => {
  const entity = (kind: string, name: string, spec: string) =>
    `---\napiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
  const cwd = folder(t, {
    ...files,
    'org.yaml': [
      entity('Group', 'team-a', 'type: team, children: [ours]'),
      entity('Group', 'ours', 'type: team, children: [], members: [eve]'),
      entity('Group', 'below', 'type: team, parent: Group:ours, children: []'),
      entity('User', 'bob', 'memberOf: [default/below]'),
      entity('User', 'eve', 'memberOf: []'),
      entity('User', 'mallory', 'memberOf: [acme/team-a, group:x/below]'),
    ].join(''),
  });
  const args = ['--policy', 'p.yaml', '--directory', 'org.yaml'];
  const read = ['--permission', 'catalog.entity.read', '--format', 'json'];
  const run = goldenpath(cwd, 'policy', 'who-can', ...args, ...read);
  const { answers, denied } = JSON.parse(run.stdout);
  const users = ['user:default/bob', 'user:default/eve'];
  assert.deepEqual([answers[0].users, denied], [users, 1]);
});

test('decide answers a list of requests as it answers each', t => {
  const requests = ['bob', 'eve'].map(name => ({
    permission: { name: 'catalog.entity.read' },
    subject: { userEntityRef: `user:default/${name}` },
  }));
  const [first, second] = requests.map(one => JSON.stringify(one));
  const cwd = folder(t, {
    ...files,
    'one.json': first,
    'two.json': second,
    'both.json': `[${first}, ${second}]`,
  });
  const decide = (name: string) => {
    const args = ['policy', 'decide', ...asked, '--request', name];
    return JSON.parse(goldenpath(cwd, ...args).stdout);
  };
  const [one, two] = [decide('one.json'), decide('two.json')];
  assert.deepEqual([one.result, two.result], ['ALLOW', 'DENY']);
  assert.deepEqual(decide('both.json'), [one, two]);
});

test('decide is about the present, unless a request says when', t => {
  const request = {
    permission: { name: 'catalog.entity.read' },
    subject: { userEntityRef: 'user:default/bob' },
  };
  const cwd = folder(t, {
    ...files,
    'p.yaml': policy.replace(
      'team-a] }',
      'team-a], until: 2999-01-01T00:00:00Z }',
    ),
    'now.json': JSON.stringify(request),
    'both.json': JSON.stringify([
      request,
      { ...request, now: '2999-01-02T00:00:00Z' },
    ]),
  });
  const decide = (name: string) => {
    const args = ['policy', 'decide', ...asked, '--request', name];
    return JSON.parse(goldenpath(cwd, ...args).stdout);
  };
  assert.equal(decide('now.json').result, 'ALLOW');
  assert.deepEqual(
    decide('both.json').map((one: { result: string }) => one.result),
    ['ALLOW', 'DENY'],
  );
});

test('test runs the tests beside the rules', t => {
  const passing = ask(t, 'test', 'p.yaml', '--directory', 'd.yaml');
  assert.deepEqual(passing, {
    status: 0,
    stdout: '1 test: 1 passed, 0 failed\n',
    stderr: '',
  });
  const failing = ask(t, 'test', 'p.yaml');
  assert.equal(failing.status, 1);
  assert.match(failing.stdout, /policy\/test-failed[^]*p\.yaml:14:/);

  const none = folder(t, { 'p.yaml': policy.split('tests:')[0] });
  assert.equal(goldenpath(none, 'policy', 'test', 'p.yaml').status, 1);
});

test('lint finds what is likely not meant', t => {
  const clean = ask(t, 'lint', 'p.yaml', '--directory', 'd.yaml');
  assert.deepEqual([clean.status, clean.stdout], [0, '1 file: no problem\n']);

  const cwd = folder(t, {
    ...files,
    'p.yaml': policy.replace('team-a', 'team-x'),
  });
  const args = ['policy', 'lint', 'p.yaml', '--directory', 'd.yaml'];
  const { status, stdout } = goldenpath(cwd, ...args);
  assert.equal(status, 1);
  assert.match(stdout, /team-x/);
  assert.match(stdout, /p\.yaml:5:/);
});

test('a folder is the policy of its files', t => {
  const [head, rules] = policy.split('rules:');
  const cwd = folder(t, {
    'd.yaml': directory,
    'policy/roles.yaml': head,
    'policy/rules.yml': `${head.split('roles:')[0]}rules:${rules}`,
    'policy/README.md': 'no policy',
  });
  const people = ['--directory', 'd.yaml'];
  for (const args of [
    ['check', 'policy'],
    ['test', 'policy', ...people],
    ['lint', 'policy', ...people],
    ['explain', '--policy', 'policy', ...people, ...bob, ...deleting],
    ['export', '--cedar', '--policy', 'policy', '--out', 'cedar'],
  ]) {
    const { status, stdout, stderr } = goldenpath(cwd, 'policy', ...args);
    assert.equal(status, 0, stdout + stderr);
  }
});

test('import-rhdh writes a policy that checks, and never replaces one', t => {
  const cwd = folder(t, {
    'policy.csv': `p, role:default/reader, catalog-entity, read, allow
g, user:default/bob, role:default/reader
`,
    'd.yaml': directory,
  });
  const run = () =>
    goldenpath(
      cwd,
      ...['policy', 'import-rhdh', 'policy.csv'],
      ...['--out', 'out', '--directory', 'd.yaml'],
    );
  const first = run();
  assert.equal(first.status, 0);
  assert.match(first.stdout, /^1 file written to out: .*\nno decision changes/);
  const [name] = Object.keys(tree(join(cwd, 'out')));
  const written = join(cwd, 'out', name);
  assert.equal(goldenpath(cwd, 'policy', 'check', written).status, 0);

  const before = readFileSync(written, 'utf8');
  const second = run();
  assert.equal(second.status, 2);
  assert.match(second.stderr, /is there already/);
  assert.equal(readFileSync(written, 'utf8'), before);
});

test('import-rhdh writes nothing if a line is not understood', t => {
  const cwd = folder(t, { 'policy.csv': 'p, role:default/reader\n' });
  const args = ['policy', 'import-rhdh', 'policy.csv', '--out', 'out'];
  const { status, stdout } = goldenpath(cwd, ...args);
  assert.equal(status, 1);
  assert.match(stdout, /policy\.csv:1:/);
  assert.match(stdout, /nothing written: 1 error\n$/);
  assert.deepEqual(Object.keys(tree(cwd)), ['policy.csv']);
});

test('export --cedar writes policies, entities and the schema', t => {
  const cwd = folder(t, files);
  const args = ['policy', 'export', '--cedar', '--policy', 'p.yaml'];
  assert.equal(goldenpath(cwd, ...args, '--out', 'out').status, 0);
  const written = tree(join(cwd, 'out'));
  assert.deepEqual(Object.keys(written).sort(), [
    'entities.json',
    'policies.cedar',
    'schema.cedarschema',
  ]);
  assert.match(String(written['policies.cedar']), /permit/);
  assert.ok(Array.isArray(JSON.parse(String(written['entities.json']))));
});

test('what a policy command cannot use is one line and ends with 2', t => {
  const table: Array<[string[], RegExp]> = [
    [['test'], /name a policy file/],
    [['lint', 'p.yaml', '--budget', 'much'], /--budget is a number of bytes/],
    [['explain', ...asked, ...deleting], /--as is missing/],
    [['what-can', ...asked, '--as', 'bob'], /--as is a user such as .*`bob`/],
    [['what-can', ...asked, '--as', 'group:default/team-a'], /not `group:/],
    [['who-can', ...asked, ...bob], /--as is no part of this question/],
    [['what-can', ...asked, ...bob, ...deleting], /--permission is no part/],
    [['who-can', ...asked], /--permission is missing/],
    [['who-can', ...asked, '--permission', 'x'], /unknown permission `x`/],
    [['what-can', ...asked, ...bob, '--now', 'noon'], /noon/],
    [['test', 'p.yaml', '--directory', 'none.yaml'], /`none.yaml`: .*`kind`/],
    [['test', 'p.yaml', '--entities', 'd.yaml'], /not a list of entities/],
    [['diff', 'p.yaml'], /name two policies/],
    [['diff', 'p.yaml', 'q.yaml'], /cannot read `q.yaml`/],
    [['diff', 'p.yaml', 'p.yaml'], /name the users and groups: --directory/],
    [['diff', 'p.yaml', 'p.yaml', '--snapshot', 'ours.yaml'], /`directory`/],
    [['lint', 'empty'], /no \*\.yaml in `empty`/],
    [
      ['what-can', '--policy', 'p.yaml', 'd.yaml', ...bob],
      /unexpected argument `d.yaml`: repeat --policy for each file/,
    ],
    [['import-rhdh', 'p.csv'], /--out is missing/],
    [['export', '--policy', 'p.yaml', '--out', 'o'], /--cedar/],
  ];
  for (const [args, message] of table) {
    const { status, stdout, stderr } = ask(t, ...args);
    assert.equal(status, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

test('a policy with an error is shown, and nothing is asked', t => {
  const cwd = folder(t, {
    ...files,
    'p.yaml': policy.replace('allow,', 'alow,'),
  });
  for (const args of [
    ['test', 'p.yaml'],
    ['lint', 'p.yaml'],
    ['what-can', '--policy', 'p.yaml', ...bob],
    ['diff', 'p.yaml', 'p.yaml', '--directory', 'd.yaml'],
  ]) {
    const { status, stdout } = goldenpath(cwd, 'policy', ...args);
    assert.equal(status, 1, args.join(' '));
    assert.match(stdout, /p\.yaml:7:/);
  }
  const json = ['lint', 'p.yaml', '--format', 'json'];
  const { diagnostics } = JSON.parse(goldenpath(cwd, 'policy', ...json).stdout);
  assert.equal(diagnostics[0].start.line, 7);
});
