import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

import { explainCode } from '../../explain';
import type { Diagnostic, Place } from '../../types';
import { version } from '../../version';
import { fingerprints } from './fingerprint';
import { type Report, findingsOf, linesOf, pathOf } from './report';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, for code scanning and editors. */
export function sarif(report: Report): string {
  const findings = findingsOf(report);
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const fingerprint = fingerprints();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'goldenpath',
            semanticVersion: version(),
            rules: codes.map(code => rule(code, findings)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(finding => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: levels[finding.severity],
          message: text(linesOf(finding).join('\n')),
          locations: [{ physicalLocation: place(finding) }],
          relatedLocations: finding.related?.map((related, id) => ({
            id,
            physicalLocation: place(related),
            message: text(related.message),
          })),
          partialFingerprints: { 'goldenpath/v1': fingerprint(finding) },
          fixes: finding.fix && [fix(finding.fix)],
        })),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

/** What is known of a rule; of one that nobody explains, why its first finding says that it is there. */
function rule(code: string, findings: Diagnostic[]) {
  const shortDescription = text(code.replace(/^.*\//, '').replaceAll('-', ' '));
  const { explanation } = explainCode(code);
  if (explanation === undefined || explanation.code !== code) {
    const { why, help } = findings.find(finding => finding.code === code)!;
    return {
      id: code,
      shortDescription,
      help: text(why ?? help ?? 'see the message of each finding'),
    };
  }
  const { what, why, wrong, right, fix: todo, documentation } = explanation;
  return {
    id: code,
    shortDescription,
    fullDescription: text(`${what} ${why}`),
    help: {
      ...text(`${what} ${why} ${todo}`),
      markdown: [
        `${what} ${why}`,
        `Wrong:\n\n\`\`\`\n${wrong}\`\`\``,
        `Right:\n\n\`\`\`\n${right}\`\`\``,
        todo,
      ].join('\n\n'),
    },
    properties: { documentation },
  };
}

function fix({ title, newText, ...at }: NonNullable<Diagnostic['fix']>) {
  return {
    description: text(title),
    artifactChanges: [
      {
        artifactLocation: artifact(at.file),
        replacements: [
          { deletedRegion: region(at), insertedContent: { text: newText } },
        ],
      },
    ],
  };
}

function place(at: Place) {
  return { artifactLocation: artifact(at.file), region: region(at) };
}

/** SARIF's columns are ours, and its ends are exclusive, too. */
function region({ start, end }: Place) {
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

function artifact(file: string) {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  const uri = pathOf(file).split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: '%SRCROOT%' };
}

/** A message, in which `[text](target)` would be a link. */
function text(plain: string) {
  return { text: plain.includes('](') ? plain.replaceAll('[', '\\[') : plain };
}
