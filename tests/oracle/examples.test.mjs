// The example template's skeletons, rendered by goldenpath and by Nunjucks: the same bytes.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import nunjucks from 'nunjucks';

const { renderSkeleton } = createRequire(import.meta.url)('../../js');

const template = fileURLToPath(
  new URL('../../examples/templates/new-service/', import.meta.url),
);
const skeletons = [
  'skeleton/common',
  'skeleton/typescript',
  'skeleton/python',
  'platform',
  'platform-quota',
];
const inputs = ['typescript', 'python'].flatMap(language =>
  [true, false].map(database => ({
    name: 'fraud-check',
    owner: 'group:default/payments',
    ownerTeam: 'payments',
    description: 'Pays: cards # "really" \\ ${{ values.name }} {% if %}',
    language,
    database,
    host: 'github.com',
    organisation: 'acme',
    repository: 'fraud-check',
    cpu: 4,
  })),
);

const environment = new nunjucks.Environment([], {
  autoescape: false,
  tags: { variableStart: '${{', variableEnd: '}}' },
});

for (const skeleton of skeletons) {
  test(`${skeleton} renders as Nunjucks renders it`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'goldenpath-oracle-'));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const [index, values] of inputs.entries()) {
      const target = join(folder, `${index}`);
      const source = join(template, skeleton);
      const context = { values };
      const report = await renderSkeleton({
        source,
        target,
        context,
        renderer: {},
      });
      assert.deepEqual(report.diagnostics, []);
      const expected = [];
      for (const [name, content] of textFiles(source)) {
        const path = environment.renderString(name, context);
        const wanted = environment.renderString(content, context);
        // a name that renders to nothing means a file that is left out
        if (path === '' || path.endsWith('/')) continue;
        expected.push([path, wanted]);
      }
      assert.deepEqual(textFiles(target), expected.sort(byName));
      assert.ok(expected.length > 0);
    }
  });
}

/** Paths and contents of all files below a folder that are text. */
function textFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.png'))
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => [relative(folder, path), readFileSync(path, 'utf8')])
    .sort(byName);
}

function byName([one], [other]) {
  return one < other ? -1 : 1;
}
