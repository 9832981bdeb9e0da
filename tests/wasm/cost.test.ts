import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { estimateCost, formatDiagnostics } from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

for (const name of inputs('cost', '.yaml')) {
  test(`cost/${name}`, () => {
    const path = join(area('cost'), name);
    const file = { name: basename(path), content: readFileSync(path) };
    const sheet = path.replace('.yaml', '.prices.json');
    const prices = existsSync(sheet)
      ? { name: 'prices.json', content: readFileSync(sheet) }
      : undefined;
    const { estimate, diagnostics } = estimateCost(file, prices);
    const answer = path.replace('.yaml', '.expected.txt');
    if (estimate) assert.deepEqual(estimate, json(answer));
    else {
      const files = prices ? [file, prices] : [file];
      assert.equal(formatDiagnostics(diagnostics, files), text(answer));
    }
  });
}
