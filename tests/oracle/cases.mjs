// Reads and writes the case files of tests/cases/template; see tests/cases/README.md.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const folder = fileURLToPath(new URL('../cases/template/', import.meta.url));

/** All case files: `{ file, cases: [{ name, template, files, context, options, oracle, path, file, expected }] }`. */
export function readCaseFiles() {
  return readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.txt') && !name.endsWith('.expected.txt'))
    .sort()
    .map(name => {
      const file = join(folder, name);
      const [before, blocks] = split(readFileSync(file, 'utf8'));
      const defaults = readHeader(before);
      const expectedFile = file.replace(/\.txt$/, '.expected.txt');
      const expected = readExpected(expectedFile);
      const cases = blocks.map(([title, body]) => {
        const [header, text] = readBody(title, body);
        const all = { template: text, ...defaults, ...readHeader(header) };
        return {
          name: title,
          ...all,
          ...splitFiles(all.template),
          expected: expected.get(title) ?? {},
        };
      });
      return { name, file, expectedFile, cases };
    });
}

/** The text of an expected file. */
export function writeExpected(cases) {
  return cases
    .map(({ name, expected: { output, diagnostics, secrets } }) =>
      [
        `=== ${name}\n`,
        output === undefined ? '' : `--- output\n${output}\n`,
        diagnostics === undefined ? '' : `--- diagnostics\n${diagnostics}`,
        secrets === undefined ? '' : `--- secrets\n${secrets}\n`,
      ].join(''),
    )
    .join('');
}

function readExpected(file) {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // a new case file has none yet
  }
  return new Map(
    split(text)[1].map(([name, body]) => {
      const [answer, secrets] = `\n${body}`.split('\n--- secrets\n');
      const [head, diagnostics] = answer.split('\n--- diagnostics\n');
      const output = head.startsWith('\n--- output\n')
        ? head.slice('\n--- output\n'.length)
        : undefined;
      return [
        name,
        {
          output,
          diagnostics:
            diagnostics === undefined ? undefined : `${diagnostics}\n`,
          secrets,
        },
      ];
    }),
  );
}

function split(text) {
  const [before, ...blocks] = `\n${text.replace(/\n$/, '')}`.split('\n=== ');
  return [
    before,
    blocks.map(block => {
      const end = block.indexOf('\n');
      return end < 0
        ? [block, '']
        : [block.slice(0, end), block.slice(end + 1)];
    }),
  ];
}

function readBody(name, body) {
  const [header, ...rest] = `\n${body}\n`.split('\n---\n');
  if (rest.length === 0) {
    throw new Error(`${name}: no line \`---\``);
  }
  return [header, rest.join('\n---\n').replace(/\n$/, '')];
}

/** A template, and the files behind it, each below a line `--- name`. */
function splitFiles(text) {
  const [template, ...parts] = `\n${text}`.split('\n--- ');
  const files = parts.map(part => {
    const [, name, content = ''] = /^(.*)\n?([^]*)$/.exec(part);
    return [name, content];
  });
  return { template: template.slice(1), files: Object.fromEntries(files) };
}

function readHeader(text) {
  const json = text
    .split('\n')
    .filter(line => !line.startsWith('#'))
    .join('');
  return json.trim() === '' ? {} : JSON.parse(json);
}
