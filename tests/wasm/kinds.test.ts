import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { formatDiagnostics, readKinds } from 'goldenpath';

import { area, inputs, text } from './cases.ts';

for (const name of inputs('kinds', '.yaml')) {
  test(`kinds/${name}`, () => {
    const path = join(area('kinds'), name);
    const file = { name: basename(path), content: readFileSync(path) };
    const { kinds, diagnostics } = readKinds(file);
    assert.equal(
      kinds
        ? kinds.map(kind => `${JSON.stringify(kind)}\n`).join('')
        : formatDiagnostics(diagnostics, [file]),
      text(path.replace('.yaml', '.expected.txt')),
    );
  });
}
