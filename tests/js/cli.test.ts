import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { readAnswers } from 'goldenpath';

import { folder, tree } from './folders.ts';
import { goldenpath, program } from './program.ts';

const good = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: shop }
spec: { type: service, lifecycle: production, owner: team-a }
`;

test('check finds descriptors below the current folder', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': good,
    'sub/catalog-info-api.yml': good.replace('shop', 'cart'),
    'node_modules/x/catalog-info.yaml': 'broken: [',
    'other.yaml': 'broken: [',
  });
  assert.deepEqual(goldenpath(cwd, 'check'), {
    status: 0,
    stdout: '2 files, 2 documents: no problem\n',
    stderr: '',
  });
});

test('check shows every problem with its line, plain when piped, and ends with 1', t => {
  const cwd = folder(t, {
    'a.yaml': good.replace('owner', 'onwer').replace('shop', 'sh op'),
  });
  const { status, stdout } = goldenpath(cwd, 'check', 'a.yaml');
  assert.equal(status, 1);
  assert.match(stdout, /a\.yaml:3:\d+/);
  assert.match(stdout, /a\.yaml:4:\d+/);
  assert.match(stdout, /\n1 file, 1 document: \d errors?/);
  assert.ok(!stdout.includes('\u001b'));
});

test('check --format json gives the reports', t => {
  const cwd = folder(t, { 'a.yaml': good, 'b.yaml': 'x: [' });
  const args = ['check', '--format', 'json', 'a.yaml', 'b.yaml'];
  const { status, stdout } = goldenpath(cwd, ...args);
  assert.equal(status, 1);
  const { errors, files } = JSON.parse(stdout);
  assert.equal(errors, 1);
  assert.equal(files[0].documents[0].entityRef, 'component:default/shop');
  assert.equal(files[1].file, 'b.yaml');
});

test('check --unknown-fields decides what they weigh', t => {
  const cwd = folder(t, { 'a.yaml': good.replace('team-a', 'team-a, x: 1') });
  const status = (weight: string) =>
    goldenpath(cwd, 'check', 'a.yaml', '--unknown-fields', weight).status;
  assert.deepEqual([status('warning'), status('error')], [0, 1]);
});

test('what cannot be used is one line and ends with 2', t => {
  const cwd = folder(t);
  const table: Array<[string[], RegExp]> = [
    [[], /no command/],
    [['chek'], /unknown command `chek`/],
    [['template'], /`template` is followed by one of .*lint, .*test: see/],
    [['template', 'lnt'], /`template` is followed by .*, not `lnt`: see/],
    [['check'], /no catalog-info\*\.yaml in \./],
    [['check', 'nowhere.yaml'], /cannot read `nowhere.yaml`: no such file/],
    [['check', '--colour'], /--colour/],
    [['check', '--format', 'xml'], /pretty, json, .*markdown, not `xml`/],
    [['render', 'a', '--values', 'v.yaml'], /--out is missing/],
    [['policy', 'decide', '--policy', 'p.yaml'], /--request is missing/],
  ];
  for (const [args, message] of table) {
    const { status, stdout, stderr } = goldenpath(cwd, ...args);
    assert.equal(status, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: preview }
spec:
  type: environment
  sytem: shop
  steps:
    - action: fetch:plain
`;

test('check takes what the organisation decides from goldenpath.yaml', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': TEMPLATE,
    'goldenpath.yaml': `catalog:
  unknownFields: error
  governedTemplates:
    - types: [environment]
`,
    'other.yaml': 'catalog: { unknownFields: off }\n',
  });
  const usual = goldenpath(cwd, 'check');
  assert.equal(usual.status, 1);
  assert.match(
    usual.stdout,
    /\[catalog\/missing-policy-check\].*\n +--> catalog-info.yaml:8:15/,
  );
  assert.match(usual.stdout, /error\[catalog\/unknown-field\]/);

  const option = goldenpath(cwd, 'check', '--unknown-fields', 'off');
  assert.match(option.stdout, /1 document: 1 error\n/);

  const other = goldenpath(cwd, 'check', '--config', 'other.yaml');
  assert.deepEqual([other.status, other.stderr], [0, '']);
});

test('check does not go on with a configuration that is broken', t => {
  const cwd = folder(t, {
    'catalog-info.yaml': TEMPLATE,
    'goldenpath.yaml': 'catalog:\n  governedTemplate: []\n',
  });
  const { status, stdout, stderr } = goldenpath(cwd, 'check');
  assert.equal(status, 2);
  assert.match(stdout, /goldenpath.yaml:2:3/);
  assert.match(stdout, /did you mean `governedTemplates`\?/);
  assert.equal(stderr, 'goldenpath: `goldenpath.yaml` cannot be used\n');

  const json = goldenpath(cwd, 'check', '--format', 'json');
  assert.equal(json.status, 2);
  assert.equal(
    JSON.parse(json.stdout).diagnostics[0].code,
    'settings/unknown-key',
  );

  const missing = goldenpath(cwd, 'check', '--config', 'nowhere.yaml');
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /cannot read `nowhere.yaml`: no such file/);
});

test('every command has help with examples and exit codes', t => {
  const cwd = folder(t);
  const overview = goldenpath(cwd, '--help').stdout;
  const listed = [...overview.matchAll(/^ {2}((?:\w+ )?[a-z][a-z-]*) {3,}/gm)];
  const commands = listed.map(([, name]) => name);
  assert.equal(commands.length, 28);
  for (const command of commands) {
    const { status, stdout } = goldenpath(cwd, ...command.split(' '), '--help');
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: goldenpath /);
    assert.match(stdout, /\nExamples:\n/);
    assert.match(stdout, /\nEnds with 0 /);
  }
});

test('--version is that of the package', t => {
  const manifest = join(program, '../../package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  assert.equal(goldenpath(folder(t), '--version').stdout, `${version}\n`);
});

test('render takes values from YAML and from JSON', t => {
  const cwd = folder(t, {
    'skeleton/${{ values.name }}.md': 'of ${{ values.owner }}',
    'v.yaml': 'name: shop\nowner: team-a\n',
    'v.json': '{"name": "cart", "owner": "team-b"}',
  });
  for (const values of ['v.yaml', 'v.json']) {
    const args = ['render', 'skeleton', '--values', values, '--out', 'out/new'];
    const { status, stderr } = goldenpath(cwd, ...args);
    assert.deepEqual([status, stderr], [0, '']);
  }
  assert.deepEqual(tree(join(cwd, 'out')), {
    'new/shop.md': 'of team-a',
    'new/cart.md': 'of team-b',
  });
});

test('render shows where a template is wrong and writes nothing', t => {
  const cwd = folder(t, {
    'skeleton/a.md': 'one\n${{ values.nmae }}\n',
    'v.yaml': 'name: shop\n',
  });
  const args = ['render', 'skeleton', '--values', 'v.yaml', '--out', 'out'];
  const { status, stdout } = goldenpath(cwd, ...args);
  assert.equal(status, 1);
  assert.match(stdout, /skeleton\/a\.md:2:\d+/);
  assert.match(stdout, /2 \| \$\{\{ values\.nmae \}\}/);
  assert.match(stdout, /nothing written: 1 error\n$/);
  assert.deepEqual(Object.keys(tree(cwd)).sort(), ['skeleton/a.md', 'v.yaml']);
});

test('render writes values so that they cannot rewrite a file', t => {
  const cwd = folder(t, {
    'skeleton/a.yaml': 'a: ${{ values.name }}\n',
    'v.yaml': "name: 'b: c'\n",
  });
  const args = ['render', 'skeleton', '--values', 'v.yaml', '--out', 'out'];
  assert.equal(goldenpath(cwd, ...args, '--escape', 'auto').status, 0);
  assert.equal(tree(cwd)['out/a.yaml'], 'a: "b: c"\n');
  const { status, stderr } = goldenpath(cwd, ...args, '--escape', 'on');
  assert.equal(status, 2);
  assert.match(stderr, /--escape is one of auto, off, not `on`/);
});

test('render takes other delimiters, writes them down, and refuses bad ones', t => {
  const cwd = folder(t, {
    'skeleton/[[ values.name ]].yaml':
      '<% if 1 %>a: [[ values.name ]]<% endif %> ${{ x }}\n',
    'v.yaml': 'name: shop\n',
  });
  const args = ['render', 'skeleton', '--values', 'v.yaml', '--out', 'out'];
  const tags = ['blockStart=<%', 'blockEnd=%>', 'variableStart=[[', 'variableEnd=]]']; // prettier-ignore
  const given = tags.flatMap(tag => ['--tag', tag]);
  assert.equal(goldenpath(cwd, ...args, ...given, '--answers').status, 0);
  assert.equal(tree(cwd)['out/shop.yaml'], 'a: shop ${{ x }}\n');
  const answers = tree(cwd)['out/.goldenpath/answers.yaml'] as string;
  assert.match(answers, /^ {2}tags:\n {4}blockStart: <%\n/m);
  assert.equal(
    readAnswers({ name: 'a', content: answers }).options?.tags?.variableEnd,
    ']]',
  );
  for (const [tag, why] of [
    ['blockStart={#', /`tags.blockStart` and `tags.commentStart` are both/],
    ['blockStart=', /`tags.blockStart` is empty/],
    ['start=<', /--tag is one of blockStart, .*, not `start`/],
  ] as const) {
    const { status, stderr } = goldenpath(cwd, ...args, '--tag', tag);
    assert.equal(status, 2, stderr);
    assert.match(stderr, why);
  }
});

test('unreadable values are shown with their place', t => {
  const cwd = folder(t, { 'skeleton/a.md': 'a', 'v.yaml': 'a: [1\n' });
  const args = ['render', 'skeleton', '--values', 'v.yaml', '--out', 'out'];
  const { status, stdout, stderr } = goldenpath(cwd, ...args);
  assert.equal(status, 2);
  assert.match(stdout, /v\.yaml:1:\d+/);
  assert.match(stderr, /`v.yaml` is not readable YAML/);
});

const policy = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles: { viewer: {} }
bindings:
  - { role: viewer, to: everyone }
rules:
  - id: read
    effect: allow
    role: viewer
    permissions: [catalog.entity.read]
`;

test('policy check and policy decide', t => {
  const cwd = folder(t, {
    'p.yaml': policy,
    'bad.yaml': policy.replace('catalog.entity.read', 'catalog.entity.raed'),
    'request.json':
      '{"permission": {"name": "catalog.entity.read", "action": "read", "resourceType": "catalog-entity"}, "subject": {"userEntityRef": "user:default/a"}}',
    'people.yaml': 'groups: []\nusers: [{ref: user:default/a, memberOf: []}]\n',
    'typo.json': '{"permision": {}}',
  });
  assert.equal(
    goldenpath(cwd, 'policy', 'check', 'p.yaml').stdout,
    '1 file: no problem\n',
  );
  const bad = goldenpath(cwd, 'policy', 'check', 'bad.yaml');
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /bad\.yaml:10:\d+/);

  const decide = (request: string) =>
    goldenpath(
      ...([cwd, 'policy', 'decide', '--policy', 'p.yaml'] as const),
      ...['--directory', 'people.yaml', '--request', request],
    );
  const { status, stdout } = decide('request.json');
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).result, 'ALLOW');
  assert.match(decide('typo.json').stderr, /permision/);
});
