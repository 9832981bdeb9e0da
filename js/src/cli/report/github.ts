import type { Diagnostic } from '../../types';
import { type Report, findingsOf, linesOf, pathOf } from './report';

const commands = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
} as const;

/** Workflow commands of GitHub Actions: annotations at the lines of a pull request. */
export function github(report: Report): string {
  return [...findingsOf(report).map(annotation), report.summary].join('\n');
}

function annotation(finding: Diagnostic): string {
  const { code, file, severity, start, end } = finding;
  const properties: Array<[string, string | number]> = [
    ['file', pathOf(file)],
    ['line', start.line],
    ['endLine', end.line],
  ];
  // GitHub takes columns within one line only
  if (start.line === end.line) {
    properties.push(['col', start.column], ['endColumn', end.column]);
  }
  properties.push(['title', code]);
  const said = properties.map(([key, value]) => `${key}=${property(value)}`);
  const message = data(linesOf(finding).join('\n'));
  return `::${commands[severity]} ${said.join(',')}::${message}`;
}

function data(text: string): string {
  return text
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function property(value: string | number): string {
  return data(`${value}`).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
