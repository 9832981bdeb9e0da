import type { Diagnostic } from '../../types';
import { type Report, findingsOf, linesOf, pathOf } from './report';

/** GitHub refuses a comment of more than 65,536 characters. */
const room = 60_000;

/** A table for the comment on a pull request. */
export function markdown(report: Report): string {
  const findings = findingsOf(report);
  const head = `**goldenpath check**: ${report.summary}`;
  if (findings.length === 0) return head;
  const lines = [head, '', '| Where | What | Rule |', '| --- | --- | --- |'];
  let length = lines.join('\n').length;
  let shown = 0;
  for (const finding of findings) {
    const line = row(finding);
    length += line.length + 1;
    if (length > room) break;
    lines.push(line);
    shown += 1;
  }
  const left = findings.length - shown;
  if (left > 0) lines.push('', `and ${left} more`);
  return lines.join('\n');
}

function row(finding: Diagnostic): string {
  const { code, file, severity, start } = finding;
  const where = `${pathOf(file)}:${start.line}:${start.column}`;
  const said = linesOf(finding).map(prose).join('<br>');
  return `| ${quoted(where)} | **${severity}**: ${said} | ${quoted(code)} |`;
}

/** Text with what the user wrote in backticks. */
function prose(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, i) => (i % 2 === 1 ? quoted(part) : spoken(part)))
    .join('');
}

/** In `<code>` nobody is mentioned and no issue is linked; a code span could not hold every text. */
export function quoted(text: string): string {
  return text === '' ? '' : `<code>${plain(text)}</code>`;
}

/** Elsewhere `@name` and `#1` work however they are written, unless something is between. */
function spoken(text: string): string {
  return plain(text).replace(/&#(33|35|36|37|38|64|126);/g, '$&&#8203;');
}

/** Text on one line that Markdown makes nothing of. */
function plain(text: string): string {
  return text
    .replace(/\r\n?|\n/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{fffd}')
    .replace(
      /[!#$%&*<>@[\\\]_`|~]|:(?=\/\/)|(?<=www)\./gi,
      char => `&#${char.charCodeAt(0)};`,
    );
}
