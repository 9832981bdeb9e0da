import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { formatDiagnostics, verifyFile } from 'goldenpath';

import { area, inputs, text } from './cases.ts';

for (const expected of inputs('verify', '.expected.txt')) {
  const name = expected.replace('.expected.txt', '');
  test(`verify/${name}`, () => {
    const file = { name, content: readFileSync(join(area('verify'), name)) };
    const found = verifyFile(file, [
      ...(['yaml', 'json', 'hcl'] as const),
      ...(['workflow', 'entity', 'kubernetes'] as const),
    ]);
    assert.equal(
      formatDiagnostics(found, [file]),
      text(join(area('verify'), expected)),
    );
  });
}
