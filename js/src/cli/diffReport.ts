import type { CatalogDiff, Place } from '../types';
import { quoted } from './report/markdown';

/** Of one section: a longer one is for `--format json`. */
const SHOWN = 200;

interface Section {
  title: string;
  columns: string[];
  /** Parts that the user wrote are in backticks. */
  rows: string[][];
}

/** The blast radius for a terminal. */
export function diffText(diff: CatalogDiff): string {
  const sections = sectionsOf(diff);
  if (sections.length === 0) return nothing(diff);
  return sections
    .map(({ title, rows }) => {
      const shown = rows.slice(0, SHOWN).map(row => `  ${row.join('  ')}`);
      return [title, ...shown, ...left(rows).map(line => `  ${line}`)];
    })
    .map(lines => lines.map(printable).join('\n'))
    .join('\n\n');
}

/** The blast radius for a comment on a pull request. */
export function diffMarkdown(diff: CatalogDiff): string {
  const head = '**goldenpath diff**';
  const sections = sectionsOf(diff);
  const broken = diff.diagnostics.length;
  const lines =
    broken > 0 ? [`${broken} problems of files that cannot be read`] : [];
  if (sections.length === 0) lines.push(nothing(diff));
  // GitHub refuses a comment of more than 65,536 characters
  let room = 60_000;
  for (const { title, columns, rows } of sections) {
    const table = [
      `### ${title}`,
      '',
      `| ${columns.join(' | ')} |`,
      `|${' --- |'.repeat(columns.length)}`,
    ];
    let shown = 0;
    for (const row of rows.slice(0, SHOWN)) {
      const line = `| ${row.map(quoted).join(' | ')} |`;
      room -= line.length;
      if (room < 0) break;
      table.push(line);
      shown += 1;
    }
    const rest = rows.length - shown;
    if (rest > 0) table.push('', `and ${rest} more`);
    lines.push(table.join('\n'));
  }
  return [head, ...lines].join('\n\n');
}

function sectionsOf(diff: CatalogDiff): Section[] {
  const relation = ({
    entityRef,
    field,
    target,
    at,
  }: CatalogDiff['dangling'][0]) => [
    entityRef,
    `spec.${field}`,
    target,
    at ? where(at) : 'in the catalogue',
  ];
  const entity = ({ entityRef, owner, at }: CatalogDiff['added'][0]) => [
    entityRef,
    owner ?? '-',
    where(at),
  ];
  const sections: Section[] = [
    {
      title: 'Starts to lead nowhere',
      columns: ['Entity', 'Field', 'Target', 'Where'],
      rows: diff.dangling.map(relation),
    },
    {
      title: 'Removed',
      columns: ['Entity', 'Owner', 'Where'],
      rows: diff.removed.map(entity),
    },
    {
      title: 'Another owner',
      columns: ['Entity', 'Before', 'Now', 'Where'],
      rows: diff.reowned.map(({ entityRef, from, to, at }) => [
        entityRef,
        from ?? '-',
        to ?? '-',
        where(at),
      ]),
    },
    {
      title: 'Added',
      columns: ['Entity', 'Owner', 'Where'],
      rows: diff.added.map(entity),
    },
    {
      title: 'Changed',
      columns: ['Entity', 'Fields', 'Where'],
      rows: diff.changed.map(({ entityRef, pointers, at }) => [
        entityRef,
        pointers.join(', '),
        where(at),
      ]),
    },
    {
      title: 'No longer leads nowhere',
      columns: ['Entity', 'Field', 'Target', 'Where'],
      rows: diff.mended.map(relation),
    },
  ];
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(section => ({
      ...section,
      title: `${section.title} (${section.rows.length})`,
    }));
}

function nothing({ diagnostics }: CatalogDiff): string {
  return diagnostics.length > 0
    ? 'nothing else changes in the catalogue'
    : 'nothing changes in the catalogue';
}

function left(rows: string[][]): string[] {
  return rows.length > SHOWN ? [`and ${rows.length - SHOWN} more`] : [];
}

function where({ file, start }: Place): string {
  return `${file}:${start.line}`;
}

/** Text that cannot command a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{fffd}');
}
