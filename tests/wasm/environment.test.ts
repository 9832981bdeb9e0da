import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { formatDiagnostics, planEnvironment } from 'goldenpath';

import { area, inputs, text } from './cases.ts';

for (const name of inputs('environment', '.yaml')) {
  test(`environment/${name}`, () => {
    const path = join(area('environment'), name);
    const file = { name: basename(path), content: readFileSync(path) };
    const { diagnostics, environment, estimate, files } = planEnvironment(file);
    const shown =
      environment && estimate && files
        ? [
            `${JSON.stringify(environment, undefined, 2)}\n` +
              `${estimate.total.toFixed(6)} ${estimate.currency}\n`,
            ...Object.entries(files).map(
              ([written, content]) => `=== ${written}\n${content}`,
            ),
          ].join('\n')
        : formatDiagnostics(diagnostics, [file]);
    assert.equal(shown, text(path.replace('.yaml', '.expected.txt')));
  });
}
