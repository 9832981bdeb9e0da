import { lintTemplate } from '../../template';
import type { Diagnostic, SourceFile, TemplateLock } from '../../types';
import { type Command, oneOf, read } from '../command';
import { isObject, readValue } from '../files';
import {
  Unusable,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
  tally,
} from '../terminal';
import { findTemplates, readTemplate } from './folder';

export const templateLint: Command = {
  usage: 'template lint PATH... [--lock FILE]',
  summary:
    'Find what a template and its skeletons get wrong, before it is used',
  help: `Checks each template.yaml, and those below folders, with the skeletons that its steps render:
names that are not there, steps and outputs, conditions, parameters and values that nobody uses, files
that meet at one path, syntax errors of all files.

Options:
  --lock FILE                      What \`template lock\` keeps of an instance: checks actions, inputs and outputs
  --format pretty|json             Default: pretty

Examples:
  goldenpath template lint templates/
  goldenpath template lint template.yaml --lock template.lock.json

Ends with 0 if there is no error and no warning, 1 if there is, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
      lock: { type: 'string' },
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], values.format);
    if (positionals.length === 0) {
      throw new Unusable('name a template, or a folder with templates');
    }
    const lock =
      values.lock === undefined ? undefined : await readLock(values.lock);
    const templates = await findTemplates(positionals);
    if (templates.length === 0) {
      throw new Unusable(
        `there is no template.yaml in \`${positionals.join('`, `')}\``,
      );
    }
    const diagnostics: Diagnostic[] = [];
    const sources: SourceFile[] = [];
    for (const path of templates) {
      const files = await readTemplate(path);
      const report = lintTemplate(files, { ...(lock && { lock }) });
      diagnostics.push(...report.diagnostics);
      sources.push(...report.sources);
      for (const { name, content } of files) {
        if (content !== undefined) sources.push({ name, content });
      }
    }
    if (format === 'json') {
      printJson({ diagnostics });
    } else {
      printDiagnostics(diagnostics, sources);
      print(`${plural(templates.length, 'template')}: ${tally(diagnostics)}`);
    }
    return diagnostics.some(({ severity }) => severity !== 'info')
      ? exit.findings
      : exit.ok;
  },
};

async function readLock(path: string): Promise<TemplateLock> {
  const value = await readValue(path);
  const isLock =
    isObject(value) &&
    Array.isArray(value.actions) &&
    value.actions.every(each => isObject(each) && typeof each.id === 'string');
  if (!isLock) {
    throw new Unusable(`\`${path}\` is nothing that \`template lock\` writes`);
  }
  return value as unknown as TemplateLock;
}
