import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { formatDiagnostics, readSettings } from 'goldenpath';

import { area, inputs, text } from './cases.ts';

for (const name of inputs('settings', '.yaml')) {
  test(`settings/${name}`, () => {
    const path = join(area('settings'), name);
    const file = { name: basename(path), content: readFileSync(path) };
    const { settings, diagnostics } = readSettings(file);
    assert.equal(
      settings
        ? `${JSON.stringify(settings)}\n`
        : formatDiagnostics(diagnostics, [file]),
      text(path.replace('.yaml', '.expected.txt')),
    );
  });
}
