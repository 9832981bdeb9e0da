import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

import {
  type CatalogReport,
  type Diagnostic,
  type Repository,
  checkCatalogFile,
  formatDiagnostics,
} from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

for (const name of inputs('catalog', '.yaml')) {
  test(`catalog/${name}`, () => {
    const path = join(area('catalog'), name);
    const file = { name: basename(path), content: readFileSync(path) };
    const options = json(path.replace('.yaml', '.options.json'));
    const files = join(dirname(path), 'files');
    const repository = existsSync(files) ? inFolder(files, name) : undefined;
    const found = all(checkCatalogFile(file, options, repository));
    assert.equal(
      formatDiagnostics(found, [file]),
      text(path.replace('.yaml', '.expected.txt')),
    );
  });
}

for (const name of inputs('yaml', '.yaml')) {
  test(`yaml/${name}`, () => {
    const path = join(area('yaml'), name);
    const file = { name: basename(path), content: readFileSync(path) };
    const report = checkCatalogFile(file, { unknownFields: 'off' });

    const expected = text(path.replace('.yaml', '.expected.txt')) ?? '';
    const lines = expected.split('\n');
    const values = lines.slice(0, report.documents.length);
    assert.deepEqual(
      report.documents.map(({ entity }) => entity),
      values.map(line => JSON.parse(line)),
    );
    const found = all(report).filter(({ code }) =>
      /^(yaml|source)\//.test(code),
    );
    assert.equal(
      formatDiagnostics(found, [file]),
      lines.slice(report.documents.length).join('\n'),
    );
  });
}

/** The files of a repository are in a folder. */
function inFolder(folder: string, name: string): Repository {
  return {
    path: `service/${basename(name)}`,
    url: 'https://github.com/acme/shop',
    read(path) {
      const file = join(folder, path);
      try {
        return { name: path, content: readFileSync(file) };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EISDIR') return { failure: 'folder' };
        return { failure: 'missing', beside: readdirSync(dirname(file)) };
      }
    },
  };
}

function all({ diagnostics, documents }: CatalogReport): Diagnostic[] {
  return [
    ...diagnostics,
    ...documents.flatMap(document => document.diagnostics),
  ];
}
