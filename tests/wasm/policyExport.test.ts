import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { compilePolicy, exportCedar } from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

for (const file of inputs('policy-export', 'policy.yaml')) {
  const name = dirname(file);
  test(`policy-export/${name}`, () => {
    const folder = join(area('policy-export'), name);
    const content = text(join(folder, 'policy.yaml'))!;
    const { policy } = compilePolicy([{ name: 'policy.yaml', content }]);
    const snapshot = json(join(folder, 'snapshot.json'));
    const { policies, entities, schema } = exportCedar(policy!, snapshot);
    assert.equal(policies, text(join(folder, 'expected.cedar')));
    assert.equal(schema, text(join(folder, 'expected.cedarschema')));
    assert.deepEqual(entities, json(join(folder, 'expected.entities.json')));
  });
}
