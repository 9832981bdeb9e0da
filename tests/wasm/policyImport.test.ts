import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import {
  type DecisionRequest,
  type PermissionInfo,
  compareRhdh,
  compilePolicy,
  compileRhdh,
  formatDiagnostics,
  importRhdh,
} from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

for (const file of inputs('policy-import', 'policy.csv')) {
  const name = dirname(file);
  test(`policy-import/${name}`, () => {
    const folder = join(area('policy-import'), name);
    const csv = source(folder, 'policy.csv')!;
    const conditions = source(folder, 'conditions.yaml');
    const files = { csv, conditions };
    const sources = conditions ? [csv, conditions] : [csv];
    const options = json(join(folder, 'options.json'));

    const imported = importRhdh(files, options);
    assert.equal(
      formatDiagnostics(imported.diagnostics, sources),
      text(join(folder, 'expected.txt')) ?? '',
    );
    const { policy: rhdh, diagnostics } = compileRhdh(files, options);
    assert.deepEqual(diagnostics, imported.diagnostics);
    const [written] = imported.files;
    const expected = text(join(folder, 'expected.imported.yaml'));
    assert.equal(written?.content, expected);
    assert.equal(rhdh === undefined, expected === undefined);
    if (!rhdh) return;

    const directory = json(join(folder, 'directory.json')) ?? {
      groups: [],
      users: [],
    };
    const report = compareRhdh(files, directory, options);
    assert.equal(report.text, text(join(folder, 'expected.report.txt')));

    const requests: Record<string, DecisionRequest> | undefined = json(
      join(folder, 'requests.json'),
    );
    if (!requests) return;
    const { policy: strict } = compilePolicy(imported.files, {
      permissions: options?.permissions,
    });
    rhdh.setDirectory(directory);
    strict!.setDirectory(directory);
    const decisions = Object.entries(requests).map(([sentence, request]) => [
      sentence,
      { rhdh: rhdh.decide(request), strict: strict!.decide(request) },
    ]);
    assert.deepEqual(
      Object.fromEntries(decisions),
      json(join(folder, 'expected.json')),
    );
  });
}

// see tests/oracle/rhdh/record.mjs
test("what Red Hat's plugin decided of random files", () => {
  const { permissions, worlds } = json(
    join(area('policy-import'), 'recorded/worlds.json'),
  );
  let compared = 0;
  for (const { csv, conditions, precedence, directory, decisions } of worlds) {
    const { policy } = compileRhdh(
      {
        csv: { name: 'policy.csv', content: csv },
        conditions: conditions && { name: 'c.yaml', content: conditions },
      },
      { precedence },
    );
    policy!.setDirectory(directory);
    for (const userEntityRef of Object.keys(decisions)) {
      for (const permission of permissions as PermissionInfo[]) {
        const ours = policy!.decide({ permission, subject: { userEntityRef } });
        const { reasons: _, resourceType: __, ...decision } = ours as any;
        assert.deepEqual(decision, decisions[userEntityRef][permission.name]);
        compared++;
      }
    }
  }
  assert.ok(compared > 2_000, `only ${compared}`);
});

function source(folder: string, name: string) {
  const content = text(join(folder, name));
  return content === undefined ? undefined : { name, content };
}
