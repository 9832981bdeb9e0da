import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { test } from 'node:test';

import { formatDiagnostics, lintTemplate } from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

const own = new Set(['template.yaml', 'expected.txt', 'lock.json']);

for (const template of inputs('template-lint', 'template.yaml')) {
  const name = dirname(template);
  test(`template-lint/${name}`, () => {
    const folder = join(area('template-lint'), name);
    const others = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll(sep, '/'),
      )
      .filter(path => !own.has(path));
    const files = ['template.yaml', ...others.sort()].map(path => ({
      name: path,
      content: text(join(folder, path)) ?? '',
    }));
    const lock = json(join(folder, 'lock.json'));
    const report = lintTemplate(files, { ...(lock && { lock }) });
    assert.equal(
      formatDiagnostics(report.diagnostics, [...files, ...report.sources]),
      text(join(folder, 'expected.txt')),
    );
  });
}
