import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { type Tree, folder, tree } from './folders.ts';
import { goldenpath } from './program.ts';

const examples = join(import.meta.dirname, '../../examples');

const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: new-service }
spec:
  type: service
  owner: platform
  parameters: { properties: { name: { type: string } } }
  steps:
    - { id: policy, action: 'goldenpath:policy:check', input: { permission: goldenpath.service.create } }
    - id: fetch
      action: fetch:template
      input:
        url: ./skeleton
        values: { name: '\${{ parameters.name }}', public: '\${{ parameters.public }}' }
    - id: rename
      action: fs:rename
      each: \${{ ['a', 'b'] }}
      if: \${{ each.value !== 'b' }}
      input: { files: [{ from: '\${{ each.value }}.txt', to: 'docs/\${{ each.value }}.md' }] }
    - { id: tidy, action: fs:delete, input: { files: ['*.tmp'] } }
    - { id: publish, action: publish:github, input: { token: '\${{ secrets.TOKEN }}' } }
    - { id: tell, action: debug:log, if: '\${{ failure() }}', input: { message: x } }
  output:
    links: [{ url: '\${{ steps.publish.output.remoteUrl }}' }]
`;

const POLICY = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
bindings: [{ role: dev, to: [user:default/ann] }]
roles: { dev: {} }
rules:
  - { id: create, effect: allow, role: dev, permissions: [goldenpath.service.create] }
`;

const cases = (more: object[] = []) =>
  JSON.stringify({
    cases: [
      {
        name: 'A service',
        parameters: { name: 'shop', public: true },
        user: { ref: 'user:default/ann' },
        steps: { publish: { remoteUrl: 'https://github.com/acme/shop' } },
        policy: 'allow',
        output: { links: [{ url: 'https://github.com/acme/shop' }] },
      },
      ...more,
    ],
  });

const files = (more: Tree = {}): Tree => ({
  'template.yaml': TEMPLATE,
  'policy.yaml': POLICY,
  'template.test.yaml': cases(),
  'skeleton/a.txt': '{% if values.public %}open{% else %}closed{% endif %}\n',
  'skeleton/b.tmp': '',
  'skeleton/catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: "\${{ values.name }}" }
spec: { type: service, lifecycle: production, owner: team-a }
`,
  ...more,
});

const run = (cwd: string, ...args: string[]) =>
  goldenpath(
    cwd,
    ...['template', 'test', '.', '--policy', 'policy.yaml', ...args],
  );

test('the example keeps to its snapshot', () => {
  const { stdout, status } = goldenpath(
    examples,
    ...['template', 'test', 'templates/preview-environment'],
  );
  assert.match(stdout, /^1 case: 1 passed, 0 failed$/m);
  assert.equal(status, 0);
});

test('a snapshot is written, kept to, and its differences are told', t => {
  const cwd = folder(t, files());
  const first = run(cwd);
  assert.equal(first.status, 1);
  assert.match(first.stdout, /there is no snapshot `snapshots\/a-service`/);

  const written = run(cwd, '--update');
  assert.deepEqual([written.stderr, written.status], ['', 0]);
  assert.deepEqual(tree(join(cwd, 'snapshots/a-service')), {
    'catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: "shop" }
spec: { type: service, lifecycle: production, owner: team-a }
`,
    'docs/a.md': 'open\n',
  });
  assert.equal(run(cwd).status, 0);

  const skeleton = join(cwd, 'skeleton/a.txt');
  writeFileSync(skeleton, readFileSync(skeleton, 'utf8').replace('open', 'x'));
  writeFileSync(join(cwd, 'skeleton/new.txt'), '');
  const changed = run(cwd);
  assert.equal(changed.status, 1);
  assert.match(changed.stdout, /docs\/a\.md:1: `x`, in the snapshot `open`/);
  assert.match(changed.stdout, /new\.txt: not in the snapshot/);
});

test('branches that no case takes are named', t => {
  const cwd = folder(t, files());
  const once = run(cwd, '--update', '--coverage');
  assert.match(once.stdout, /^skeleton\/a\.txt:1:7 was never false$/m);
  assert.match(once.stdout, /; 1 of 2 branches taken$/m);
  const closed = {
    name: 'closed',
    parameters: { name: 'x', public: false },
    user: { ref: 'user:default/ann' },
    steps: { publish: {} },
  };
  writeFileSync(join(cwd, 'template.test.yaml'), cases([closed]));
  const twice = run(cwd, '--update', '--coverage');
  assert.match(twice.stdout, /^2 cases: .*; 2 of 2 branches taken$/m);
  assert.doesNotMatch(twice.stdout, /never/);
});

test('what the policy denies, and what is wrong with the result', t => {
  const bob = {
    name: 'bob may not',
    parameters: { name: 'shop' },
    user: { ref: 'user:default/bob' },
    steps: { publish: {} },
  };
  const bad = {
    ...bob,
    name: 'no name of an entity',
    parameters: { name: 'a shop' },
    user: { ref: 'user:default/ann' },
  };
  const unpublished = { ...bad, name: 'unpublished', steps: {} };
  const cwd = folder(
    t,
    files({
      'template.test.yaml': cases([
        { ...bob, policy: 'deny', name: 'denied' },
        bob,
        { ...bad, error: 'the catalogue files are not valid', name: 'told' },
        bad,
        unpublished,
      ]),
    }),
  );
  const { stdout, status } = run(cwd, '--update');
  assert.equal(status, 1);
  assert.match(stdout, /^ok {3}template\.yaml: denied$/m);
  assert.match(
    stdout,
    /^FAIL template\.yaml: bob may not\n +step policy: the policy says deny/m,
  );
  assert.match(stdout, /^ok {3}template\.yaml: told$/m);
  assert.match(stdout, /^FAIL template\.yaml: no name of an entity$/m);
  assert.match(stdout, /catalogue files are not valid$/m);
  assert.match(stdout, /error\[catalog\/invalid-name\]: `a shop`/);
  assert.match(stdout, /step publish: `publish:github` is not run in tests/);
  assert.match(stdout, /^6 cases: 3 passed, 3 failed/m);
});

test('errors of skeletons and expressions are shown in place', t => {
  const cwd = folder(
    t,
    files({
      'skeleton/c.txt': 'line\n${{ values.name | uper }}\n',
    }),
  );
  const { stdout, status } = run(cwd);
  assert.equal(status, 1);
  assert.match(stdout, /--> skeleton\/c\.txt:2:19/);
});

test('cases that cannot be used', t => {
  for (const [text, why] of [
    ['[]', /has no list of `cases`/],
    ['{"cases":[{}]}', /a case has no `name`/],
    ['{"cases":[{"name":"x","param":1}]}', /unknown `param`/],
    ['{"cases":[{"name":"x"},{"name":"X"}]}', /two cases have the snapshot/],
  ] as const) {
    const { status, stderr } = run(
      folder(t, files({ 'template.test.yaml': text })),
    );
    assert.match(stderr, why);
    assert.equal(status, 2);
  }
  const none = run(folder(t, files({ 'template.test.yaml': '{"cases":[]}' })));
  assert.match(none.stdout, /^no cases: write them in template\.test\.yaml/m);
  assert.equal(none.status, 1);
});
