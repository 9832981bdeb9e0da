import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { mergeFile } from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

for (const name of inputs('merge', 'expected.json')) {
  test(`merge/${dirname(name)}`, () => {
    const folder = join(area('merge'), dirname(name));
    const extension = readdirSync(folder)
      .find(file => /^(base|ours|theirs)\./.test(file))!
      .replace(/^\w+\./, '');
    const side = (of: string) => {
      const path = join(folder, `${of}.${extension}`);
      return existsSync(path) ? readFileSync(path) : undefined;
    };
    const { text: merged, ...answer } = mergeFile(
      { base: side('base'), ours: side('ours'), theirs: side('theirs') },
      { path: `file.${extension}`, markers: true },
    );
    assert.deepEqual(answer, json(join(folder, 'expected.json')));
    assert.equal(merged, text(join(folder, `expected.${extension}.txt`)));
  });
}
