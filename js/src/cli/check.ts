import { checkCatalogFile } from '../catalog';
import { hasErrors } from '../diagnostics';
import type { CatalogReport, Diagnostic, SourceFile } from '../types';
import { type Command, oneOf, read } from './command';
import { findCatalogFiles, readSource } from './files';
import { modelOption, optionsFrom } from './kinds';
import { withTargets } from './locations';
import { reporters } from './report';
import { WorkingTrees } from './repository';
import { noDescriptor } from './require';
import { configOption, settingsFrom } from './settings';
import {
  Unusable,
  count,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
  tally,
} from './terminal';

const formats = [
  'pretty',
  'json',
  'sarif',
  'github',
  'gitlab',
  'junit',
  'markdown',
] as const;

export const check: Command = {
  usage: 'check [PATH...]',
  summary: 'Check catalogue files: all problems, with their places',
  help: `PATH is a file, or a folder that is searched for catalog-info*.yaml. Default: the current folder.
The files that Locations list are checked, too, and it is said which files none of them lists.

Options:
  --format FORMAT                  pretty (the default), json, or for other programs: sarif (code
                                   scanning), github (annotations in a workflow), gitlab (Code
                                   Quality), junit, markdown (a table for a comment)
  --require                        That there is no catalogue file is a finding, not the end
${configOption}
${modelOption}
  --unknown-fields off|info|warning|error
                                   What to say of spec fields that Backstage ignores. Default:
                                   what the configuration says, or warning

Examples:
  goldenpath check
  goldenpath check catalog-info.yaml teams/
  goldenpath check --config .github/goldenpath.yaml
  goldenpath check --format json > report.json
  goldenpath check --require --format sarif > goldenpath.sarif

Ends with 0 if there is no error, 1 if there is one, 2 if a file or the configuration cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      format: { type: 'string', default: 'pretty' },
      config: { type: 'string' },
      model: { type: 'string' },
      'unknown-fields': { type: 'string' },
      require: { type: 'boolean', default: false },
    });
    const format = oneOf('format', formats, values.format);
    const refuse = (diagnostics: Diagnostic[], sources: SourceFile[]) => {
      if (format === 'json') printJson({ diagnostics });
      else if (format === 'pretty') printDiagnostics(diagnostics, sources);
      else {
        const ofEach = sources.map(({ name }) => ({
          file: name,
          diagnostics: diagnostics.filter(({ file }) => file === name),
        }));
        print(
          reporters[format]({ files: ofEach, summary: tally(diagnostics) }),
        );
      }
    };
    const { catalog } = await settingsFrom(values.config, {
      json: format === 'json',
      refuse: (diagnostics, file) => refuse(diagnostics, [file]),
    });
    const options = optionsFrom(catalog, values, refuse);
    if (values['unknown-fields'] !== undefined) {
      options.unknownFields = oneOf(
        'unknown-fields',
        ['off', 'info', 'warning', 'error'],
        values['unknown-fields'],
      );
    }

    const paths = positionals.length > 0 ? positionals : ['.'];
    const names = await findCatalogFiles(paths);
    if (names.length === 0 && !values.require) {
      throw new Unusable(`no catalog-info*.yaml in ${paths.join(', ')}`);
    }
    const trees = new WorkingTrees();
    const checkOne = (file: SourceFile) =>
      checkCatalogFile(file, options, trees.of(file.name));
    const named = await Promise.all(names.map(readSource));
    const checked = await withTargets(
      named.map(file => ({ file, report: checkOne(file) })),
      checkOne,
    );
    const files = checked.map(({ file }) => file);
    const reports = checked.map(({ file, report }) => ({
      file: file.name,
      ...report,
    }));
    if (names.length === 0) reports.push(noDescriptor(paths));
    const entities = reports.flatMap(({ documents }) => documents);
    const findings = reports.map(report => ({
      file: report.file,
      diagnostics: allOf(report),
    }));
    const all = findings.flatMap(({ diagnostics }) => diagnostics);
    const summary =
      `${plural(files.length, 'file')}, ` +
      `${plural(entities.length, 'document')}: ${tally(all)}`;

    if (format === 'json') {
      printJson({
        errors: count(all, 'error'),
        warnings: count(all, 'warning'),
        files: reports,
      });
    } else if (format === 'pretty') {
      printDiagnostics(all, [...files, ...trees.files.values()]);
      print(summary);
    } else {
      print(reporters[format]({ files: findings, summary }));
    }
    return hasErrors(all) ? exit.findings : exit.ok;
  },
};

function allOf({ diagnostics, documents }: CatalogReport): Diagnostic[] {
  return [
    ...diagnostics,
    ...documents.flatMap(document => document.diagnostics),
  ];
}
