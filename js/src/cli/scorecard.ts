import type { CatalogOptions, FileReport, Score } from '../types';
import { quoted } from './report/markdown';
import { pathOf } from './report/report';
import { Unusable, print, printJson } from './terminal';

/** An entity with how far it is. */
interface Row extends Score {
  entityRef: string;
  file: string;
}

const formats = ['pretty', 'json', 'markdown'];

const note = 'A rule whose finding is ignored or in a baseline has not passed.';

/** That scores can be asked for at all. */
export function needsLevels({ scorecard }: CatalogOptions, format: string) {
  if (!scorecard?.levels.length) {
    throw new Unusable(
      '--scorecard needs `catalog.scorecard` in the configuration',
    );
  }
  if (!formats.includes(format)) {
    throw new Unusable(
      `--scorecard has the formats ${formats.join(', ')}, not \`${format}\``,
    );
  }
}

/** Prints how far every entity is. */
export function printScorecard(
  reports: FileReport[],
  { scorecard = { levels: [] } }: CatalogOptions,
  format: string,
) {
  const rows = rowsOf(reports);
  const levels = scorecard.levels.map(({ name }) => ({
    name,
    entities: rows.filter(({ level }) => level === name).length,
  }));
  const reached = levels
    .filter(({ entities }) => entities > 0)
    .map(({ name, entities }) => `${entities} ${name}`);
  const without = rows.filter(({ level }) => level === undefined).length;
  if (without > 0) reached.push(`${without} without a level`);
  const entities = rows.length === 1 ? '1 entity' : `${rows.length} entities`;
  const line = `${entities}: ${reached.join(', ') || 'none has a score'}`;
  if (format === 'json') printJson({ levels, without, entities: rows });
  else if (format === 'markdown') print(markdown(rows, line));
  else print(pretty(rows, line));
}

function rowsOf(reports: FileReport[]): Row[] {
  return reports.flatMap(({ file, documents }) =>
    documents.flatMap(({ entityRef, score }) =>
      entityRef && score ? { entityRef, file: pathOf(file), ...score } : [],
    ),
  );
}

function pretty(rows: Row[], summary: string): string {
  const width = (cells: string[]) =>
    Math.max(0, ...cells.map(({ length }) => length));
  const levels = width(rows.map(({ level = '-' }) => level));
  const refs = width(rows.map(({ entityRef }) => entityRef));
  const lines = rows.map(row => {
    const { level = '-', entityRef } = row;
    const cells = [level.padEnd(levels), entityRef.padEnd(refs), wanted(row)];
    return cells.join('  ').trimEnd();
  });
  return [...lines, '', summary, note].join('\n');
}

function markdown(rows: Row[], summary: string): string {
  return [
    `**goldenpath scorecard**: ${summary}`,
    '',
    '| Entity | Level | What is missing |',
    '| --- | --- | --- |',
    ...rows.map(row =>
      [
        '',
        quoted(row.entityRef),
        quoted(row.level ?? '-'),
        quoted(wanted(row)),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
    '',
    note,
  ].join('\n');
}

/** What is left to do, and what could not be looked at. */
function wanted({ next, missing, unknown }: Row): string {
  const parts = [];
  if (next !== undefined) parts.push(`for ${next}: ${missing.join(', ')}`);
  if (unknown.length > 0) parts.push(`not known here: ${unknown.join(', ')}`);
  return parts.join('; ');
}
