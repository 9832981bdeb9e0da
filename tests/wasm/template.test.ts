import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Renderer, formatDiagnostics } from 'goldenpath';

import { readCaseFiles } from '../oracle/cases.mjs';
import { filters, globals } from '../oracle/host.mjs';

for (const { name: file, cases } of readCaseFiles()) {
  for (const each of cases) {
    test(`template/${file}: ${each.name}`, () => {
      const { template, context = {}, options, expected } = each;
      const renderer = new Renderer({ ...options, filters, globals });
      const name = each.path ? template : 'template.njk';
      const source = { name, content: template };
      const target = each.file;
      const { path, output, diagnostics } = each.path
        ? { output: undefined, ...renderer.renderPath(template, context) }
        : { path: undefined, ...renderer.renderText(source, context, target) };
      assert.deepEqual(
        {
          output: output ?? path,
          diagnostics: formatDiagnostics(diagnostics, [source]),
        },
        {
          output: expected.output,
          diagnostics: expected.diagnostics ?? '',
        },
      );
    });
  }
}
