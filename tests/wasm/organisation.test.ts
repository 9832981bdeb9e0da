import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import {
  type FileReport,
  type SettledFindings,
  type SourceFile,
  checkCatalogFile,
  formatDiagnostics,
  readSettings,
  settleFindings,
} from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

for (const name of inputs('organisation', 'goldenpath.yaml')) {
  test(`organisation/${dirname(name)}`, () => {
    const folder = join(area('organisation'), dirname(name));
    const content = readFileSync(join(folder, 'goldenpath.yaml'));
    const { settings } = readSettings({ name: 'goldenpath.yaml', content });
    const {
      now,
      folder: within,
      ...facts
    } = json(join(folder, 'facts.json')) ?? { now: undefined };
    const options = { ...settings!.catalog, ...(now && { now }) };
    const file = {
      name: within ? `${within}/catalog-info.yaml` : 'catalog-info.yaml',
      content: text(join(folder, 'catalog-info.yaml'))!,
    };
    const known = text(join(folder, 'baseline.json'));
    const baseline =
      known === undefined
        ? undefined
        : { name: 'baseline.json', content: known };

    const report = { file: file.name, ...checkCatalogFile(file, options) };
    const settled = settleFindings([report], { ...facts, baseline }, options);
    assert.deepEqual(
      settled.files[0].documents.map(({ entity }) => entity),
      report.documents.map(({ entity }) => entity),
    );
    assert.equal(
      said(settled, baseline ? [file, baseline] : [file]),
      text(join(folder, 'expected.txt')),
    );
  });
}

/** As `tests/it/organisation.rs` writes it. */
function said(settled: SettledFindings, sources: SourceFile[]): string {
  const [file] = settled.files;
  const parts: Array<FileReport | FileReport['documents'][number]> = [
    file,
    ...file.documents,
  ];
  const found = parts.flatMap(({ diagnostics }) => diagnostics);
  let behind = '';
  for (const part of parts) {
    for (const { code, start, reason } of part.ignored ?? []) {
      behind += `ignored[${code}] on line ${start.line}: ${reason}\n`;
    }
    if ('score' in part) {
      behind += `score of ${part.entityRef}: ${JSON.stringify(part.score)}\n`;
    }
  }
  if (settled.hidden > 0) behind += `hidden: ${settled.hidden}\n`;
  behind += settled.baseline ?? '';
  const all = [...found, ...settled.diagnostics];
  const shown = formatDiagnostics(all, sources);
  return shown && behind ? `${shown}\n---\n${behind}` : shown + behind;
}
