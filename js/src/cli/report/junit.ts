import type { Diagnostic } from '../../types';
import { type FileFindings, type Report, linesOf, pathOf } from './report';

/** JUnit's XML: a file is a test, which fails if the file has an error. */
export function junit(report: Report): string {
  const { files } = report;
  const failed = files.filter(({ diagnostics }) => diagnostics.some(isError));
  const counts = `tests="${files.length}" failures="${failed.length}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="goldenpath" ${counts}>`,
    `  <testsuite name="goldenpath check" ${counts}>`,
    ...files.map(testcase),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function testcase({ file, diagnostics }: FileFindings): string {
  const errors = diagnostics.filter(isError);
  const others = diagnostics.filter(finding => !isError(finding));
  const name = escape(pathOf(file));
  const lines: string[] = [];
  // many readers take only the first failure of a test
  if (errors.length > 0) {
    const [{ code, message }] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    lines.push(
      `      <failure type="${escape(code)}" message="${escape(
        message + more,
      )}">`,
      `${errors.map(described).join('\n')}</failure>`,
    );
  }
  if (others.length > 0) {
    lines.push(
      `      <system-out>${others.map(described).join('\n')}</system-out>`,
    );
  }
  const start = `    <testcase classname="goldenpath.check" name="${name}" file="${name}"`;
  return lines.length === 0
    ? `${start} />`
    : [`${start}>`, ...lines, '    </testcase>'].join('\n');
}

function described(finding: Diagnostic): string {
  const { code, file, severity, start } = finding;
  const where = `${pathOf(file)}:${start.line}:${start.column}`;
  const [message, ...rest] = linesOf(finding);
  return [`${severity}[${code}] ${where}: ${message}`, ...rest]
    .map(escape)
    .join('\n  ');
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** Text for an element or an attribute; what XML has no way to say is replaced. */
function escape(text: string): string {
  return text
    .replace(
      /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu,
      '\u{fffd}',
    )
    .replace(/[&<>"'\t\n\r]/g, char => `&#${char.charCodeAt(0)};`);
}
