import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { editFiles, formatDiagnostics } from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

for (const name of inputs('edit', 'edits.json')) {
  test(`edit/${name}`, () => {
    const folder = dirname(join(area('edit'), name));
    const before = join(folder, 'before');
    const names = existsSync(before) ? readdirSync(before) : [];
    const files = Object.fromEntries(
      names.map(file => [file, readFileSync(join(before, file), 'utf8')]),
    );
    const edits = json(join(folder, 'edits.json'));
    const { diff, diagnostics } = editFiles(files, edits);
    const sources = Object.entries(files).map(([file, content]) => ({
      name: file,
      content,
    }));
    assert.equal(
      diagnostics.length === 0 ? diff : formatDiagnostics(diagnostics, sources),
      text(join(folder, 'expected.txt')),
    );
  });
}
