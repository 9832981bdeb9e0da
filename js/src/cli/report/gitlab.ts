import { fingerprints } from './fingerprint';
import { type Report, findingsOf, linesOf, pathOf } from './report';

const severities = { error: 'major', warning: 'minor', info: 'info' } as const;

/** A Code Quality report of GitLab. */
export function gitlab(report: Report): string {
  const fingerprint = fingerprints();
  const issues = findingsOf(report).map(finding => ({
    description: linesOf(finding).join('\n'),
    check_name: finding.code,
    fingerprint: fingerprint(finding),
    severity: severities[finding.severity],
    location: {
      path: pathOf(finding.file),
      lines: { begin: finding.start.line, end: finding.end.line },
    },
  }));
  return JSON.stringify(issues, null, 2);
}
