import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Renderer, formatDiagnostics } from 'goldenpath';

import { readCaseFiles } from '../oracle/cases.mjs';
import { filters, globals } from '../oracle/host.mjs';

for (const { name: file, cases } of readCaseFiles()) {
  for (const each of cases) {
    test(`template/${file}: ${each.name}`, () => {
      const { template, files, context = {}, options, expected } = each;
      const renderer = new Renderer({
        ...options,
        filters,
        globals,
        templates: files,
      });
      const name = each.path ? template : 'template.njk';
      const source = { name, content: template };
      const sources = Object.entries(files).map(([key, content]) => ({
        name: key,
        content,
      }));
      if (each.value !== undefined) {
        const { value, ...told } = renderer.renderValue(each.value, context, {
          name: 'value',
          typing: each.typing,
        });
        assert.deepEqual(
          {
            output: JSON.stringify(value, null, 2),
            diagnostics: formatDiagnostics(told.diagnostics, told.sources),
            secrets: told.secrets?.join('\n'),
          },
          {
            output: expected.output,
            diagnostics: expected.diagnostics ?? '',
            secrets: expected.secrets,
          },
        );
        return;
      }
      const { path, output, secrets, diagnostics } = each.path
        ? {
            output: undefined,
            ...renderer.renderPath(template, context),
          }
        : {
            path: undefined,
            ...renderer.renderText(source, context, each.file),
          };
      assert.deepEqual(
        {
          output: output ?? path,
          diagnostics: formatDiagnostics(diagnostics, [source, ...sources]),
          secrets: secrets?.join('\n'),
        },
        {
          output: expected.output,
          diagnostics: expected.diagnostics ?? '',
          secrets: expected.secrets,
        },
      );
    });
  }
}
