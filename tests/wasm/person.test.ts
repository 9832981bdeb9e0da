import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { formatDiagnostics, planPerson } from 'goldenpath';

import { area, inputs, text } from './cases.ts';

for (const name of inputs('person', '.yaml')) {
  test(`person/${name}`, () => {
    const path = join(area('person'), name);
    const file = { name: basename(path), content: readFileSync(path) };
    const { diagnostics, ...plan } = planPerson(file);
    assert.equal(
      diagnostics.length === 0
        ? `${JSON.stringify(plan, undefined, 2)}\n`
        : formatDiagnostics(diagnostics, [file]),
      text(path.replace('.yaml', '.expected.txt')),
    );
  });
}
