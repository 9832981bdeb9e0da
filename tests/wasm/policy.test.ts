import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import {
  type DecisionRequest,
  compilePolicy,
  formatDiagnostics,
} from 'goldenpath';

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

    const requests: Record<string, DecisionRequest> | undefined = json(
      join(folder, 'requests.json'),
    );
    assert.equal(policy === undefined, requests === undefined);
    if (!policy || !requests) return;
    const directory = json(join(folder, 'directory.json'));
    if (directory) policy.setDirectory(directory);
    const decisions = Object.entries(requests).map(([sentence, request]) => [
      sentence,
      policy.decide(request),
    ]);
    assert.deepEqual(
      Object.fromEntries(decisions),
      json(join(folder, 'expected.json')),
    );
  });
}
