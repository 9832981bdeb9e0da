import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { compilePolicy, formatDiagnostics } from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

const files = inputs('policy', '.yaml');

for (const name of new Set(files.map(file => dirname(file)))) {
  test(`policy/${name}`, () => {
    const folder = join(area('policy'), name);
    const sources = files
      .filter(file => dirname(file) === name)
      .map(file => ({
        name: file.slice(name.length + 1),
        content: text(join(area('policy'), file)) ?? '',
      }));
    const { policy, diagnostics } = compilePolicy(
      sources,
      json(join(folder, 'options.json')),
    );
    assert.equal(
      formatDiagnostics(diagnostics, sources),
      text(join(folder, 'expected.txt')) ?? '',
    );

    if (!policy) return;
    const directory = json(join(folder, 'directory.json'));
    if (directory) policy.setDirectory(directory);
    const read = (file: string): Record<string, any> =>
      json(join(folder, file)) ?? {};
    const answers = (file: string, answer: (request: any) => unknown) =>
      Object.fromEntries(
        Object.entries(read(file)).map(([sentence, request]) => [
          sentence,
          answer(request),
        ]),
      );
    const decisions = answers('requests.json', one => policy.decide(one));
    assert.deepEqual(decisions, read('expected.json'));
    assert.deepEqual(
      policy.decideBatch(Object.values(read('requests.json'))),
      Object.values(decisions),
    );
    assert.deepEqual(
      answers('checks.json', one => policy.check(one)),
      read('expected-checks.json'),
    );
    assert.deepEqual(
      answers('authzen.json', one => {
        try {
          return policy.authzen(one);
        } catch (error) {
          return { error: (error as Error).message };
        }
      }),
      read('expected-authzen.json'),
    );
    assert.deepEqual(
      answers('covers.json', one => policy.covers(one)),
      read('expected-covers.json'),
    );

    const results = policy.runTests({ entities: read('tests.json').entities });
    const lines = results.map(
      ({ name: title, at, passed, message }) =>
        `${passed ? 'passed' : 'failed'} ${
          at.start.line
        } ${title}: ${message}\n`,
    );
    const failed = results.flatMap(result => result.diagnostic ?? []);
    assert.equal(
      lines.join('') + formatDiagnostics(failed, sources),
      text(join(folder, 'expected-tests.txt')) ?? '',
    );
  });
}

test('the clocks of time zones are those of this Node', () => {
  const { policy } = compilePolicy([
    {
      name: 'policy.yaml',
      content: `
        apiVersion: goldenpath/v1alpha1
        kind: AccessPolicy
        rules:
          - id: a
            effect: allow
            permissions: catalog.location.read
            when: { anyOf: [
              { time: { within: '09:00-10:00 Asia/Kolkata' } },
              { time: { within: '09:00-10:00 America/St_Johns' } },
              { time: { within: '00:00-24:00 Mars/Olympus' } } ] }`,
    },
  ]);
  assert.ok(policy);
  assert.deepEqual(policy.timeZones(), [
    'America/St_Johns',
    'Asia/Kolkata',
    'Mars/Olympus',
  ]);
  const result = (now: string) =>
    policy.decide({
      permission: { name: 'catalog.location.read', action: 'read' },
      subject: { userEntityRef: 'user:default/ann' },
      now,
    }).result;
  assert.equal(result('2026-11-24T03:30:00Z'), 'ALLOW');
  assert.equal(result('2026-11-24T12:30:00Z'), 'ALLOW');
  assert.equal(result('2026-11-24T12:29:59Z'), 'DENY');
  // daylight saving time
  assert.equal(result('2026-07-24T11:30:00Z'), 'ALLOW');
  assert.throws(() => result('24 November'), /RFC 3339/);
});

test('a policy lists the permissions it knows, each as its plugin declares it', () => {
  const { policy } = compilePolicy(
    [
      {
        name: 'policy.yaml',
        content: `
          apiVersion: goldenpath/v1alpha1
          kind: AccessPolicy
          rules: [{ id: a, effect: allow, permissions: acme.thing.use }]`,
      },
    ],
    { permissions: [{ name: 'acme.thing.use' }] },
  );
  const known = policy?.permissions() ?? [];
  const named = (name: string) => known.find(one => one.name === name);
  assert.deepEqual(named('acme.thing.use'), { name: 'acme.thing.use' });
  assert.deepEqual(named('catalog.entity.delete'), {
    name: 'catalog.entity.delete',
    action: 'delete',
    resourceType: 'catalog-entity',
    pluginId: 'catalog',
  });
});

test('explanations tell the time at which the directory was last found the same', () => {
  const content = 'apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n';
  const { policy } = compilePolicy([{ name: 'policy.yaml', content }]);
  assert.ok(policy);
  const directory = {
    groups: [],
    users: [{ ref: 'user:default/ann', memberOf: [] }],
  };
  const known = () =>
    policy.explain({ permission: { name: 'catalog.location.read' } }).directory;
  const at = (asOf: string) => ({ asOf, users: 1, groups: 0 });

  policy.setDirectory({ ...directory, asOf: '2026-11-24T17:00:00Z' });
  policy.setDirectoryAsOf('2026-11-24T17:00:30Z');
  assert.deepEqual(known(), at('2026-11-24T17:00:30Z'));
  policy.setDirectory({ ...directory, asOf: '2026-11-24T17:01:00Z' });
  assert.deepEqual(known(), at('2026-11-24T17:01:00Z'));
});
