import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder, tree } from './folders.ts';
import { goldenpath } from './program.ts';

const cases = join(import.meta.dirname, '../cases');
const checkout = readFileSync(join(cases, 'environment/checkout.yaml'), 'utf8');

test('cost prices one resource by its options', t => {
  const args = '--cpu 4 --memory 8 --storage 20 --hours 168'.split(' ');
  assert.deepEqual(goldenpath(folder(t, {}), 'cost', ...args), {
    status: 0,
    stdout: '27.121230 USD\n',
    stderr: '',
  });
});

test('cost shows the lines of a file, and refuses what has no price', t => {
  const cwd = folder(t, {
    'a.yaml': 'hours: 2\nresources: [{ name: api, cpu: 500m, replicas: 2 }]',
    'b.yaml': 'hours: 2\nresources: [{ cpu: 1, loadBalancers: 1 }]',
    'eur.json': '{ "currencyCode": "EUR", "CPU": "0.5" }',
  });
  assert.equal(
    goldenpath(cwd, 'cost', 'a.yaml', '--prices', 'eur.json').stdout,
    'api cpu: 1 core x 2 h x 0.5 = 1.000000 EUR\n1.000000 EUR\n',
  );
  const { status, stdout } = goldenpath(cwd, 'cost', 'b.yaml');
  assert.equal(status, 1);
  assert.match(stdout, /cost\/unknown-price.*\n --> b\.yaml:2:/);
});

test('cost says what it needs', t => {
  const cwd = folder(t, { 'a.yaml': '' });
  for (const [args, message] of [
    [[], /nothing to price/],
    [['a.yaml', '--cpu', '1'], /leave the other options out/],
    [['missing.yaml'], /cannot read/],
  ] as const) {
    const { status, stderr } = goldenpath(cwd, 'cost', ...args);
    assert.equal(status, 2);
    assert.match(stderr, message);
  }
});

test('plan environment writes all files of the plan, once', t => {
  const cwd = folder(t, { 'checkout.yaml': checkout });
  const args = ['plan', 'environment', '--values', 'checkout.yaml'];
  const dry = goldenpath(cwd, ...args);
  assert.equal(dry.status, 0);
  assert.match(
    dry.stdout,
    /^env-team-payments-\S+, until 2026-12-01T09:00:00Z/,
  );
  assert.match(
    dry.stdout,
    /payments: https:\S+ \(main: the branch has no image\)/,
  );

  assert.equal(goldenpath(cwd, ...args, '--out', 'config').status, 0);
  const written = tree(join(cwd, 'config'));
  assert.equal(
    Object.keys(written).filter(p => /10-\w+\.yaml$/.test(p)).length,
    2,
  );

  const again = goldenpath(cwd, ...args, '--out', 'config');
  assert.equal(again.status, 2);
  assert.match(again.stderr, /already: --replace/);
  assert.equal(
    goldenpath(cwd, ...args, '--out', 'config', '--replace').status,
    0,
  );
  assert.deepEqual(tree(join(cwd, 'config')), written);
});

test('a plan with something in its way writes nothing', t => {
  const cwd = folder(t, { 'v.yaml': checkout.replace('2026-11-24', 'soon') });
  const args = ['--values', 'v.yaml', '--out', 'config'];
  const { status, stdout } = goldenpath(cwd, 'plan', 'environment', ...args);
  assert.equal(status, 1);
  assert.match(stdout, /is no time\n --> v\.yaml:/);
  assert.deepEqual(Object.keys(tree(cwd)), ['v.yaml']);
});

test('plan person writes what a joiner needs, and takes it away from a leaver', t => {
  const joins = readFileSync(join(cases, 'person/joins.yaml'), 'utf8');
  const leaves = readFileSync(join(cases, 'person/leaves.yaml'), 'utf8');
  const cwd = folder(t, { 'joins.yaml': joins, 'leaves.yaml': leaves });
  const plan = (values: string) =>
    goldenpath(cwd, 'plan', 'person', '--values', values, '--out', 'config');

  assert.match(
    plan('joins.yaml').stdout,
    /^joins\n\+ github-team engineering\n/,
  );
  const there = () =>
    Object.entries(tree(join(cwd, 'config')))
      .filter(([, content]) => content !== null)
      .map(([path]) => path);
  assert.equal(there().length, 3);
  assert.ok(there().includes('people/ada@example.org.yaml'));

  assert.match(
    plan('leaves.yaml').stdout,
    /^leaves\n- github-team engineering\n/,
  );
  assert.deepEqual(there(), []);
  assert.equal(plan('leaves.yaml').status, 0, 'a second time nothing is left');
});
