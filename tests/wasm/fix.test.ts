import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { fixCatalogFile } from 'goldenpath';

import { area, inputs, text } from './cases.ts';

for (const name of inputs('fix', 'before.yaml')) {
  test(`fix/${name}`, () => {
    const folder = join(area('fix'), dirname(name));
    const content = readFileSync(join(folder, 'before.yaml'));
    const answer = fixCatalogFile(
      { name: 'catalog-info.yaml', content },
      {},
      {
        path: 'service/catalog-info.yaml',
        read(path) {
          try {
            const file = join(folder, 'files', path);
            return { name: path, content: readFileSync(file) };
          } catch {
            return { failure: 'missing', beside: ['README.md'] };
          }
        },
      },
    );
    const said = answer.fixed.map(
      ({ start, code, fix }) => `${start.line} ${code}: ${fix?.title}\n`,
    );
    assert.equal(answer.content ?? '', text(join(folder, 'after.yaml')) ?? '');
    assert.equal(said.join(''), text(join(folder, 'fixed.txt')) ?? '');
  });
}
