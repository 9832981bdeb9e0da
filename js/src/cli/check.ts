import { checkCatalogFile } from '../catalog';
import { hasErrors } from '../diagnostics';
import type { CatalogOptions } from '../types';
import { type Command, oneOf, read } from './command';
import { findCatalogFiles, readSource } from './files';
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

export const check: Command = {
  usage: 'check [PATH...]',
  summary: 'Check catalogue files: all problems, with their places',
  help: `PATH is a file, or a folder that is searched for catalog-info*.yaml. Default: the current folder.

Options:
  --format pretty|json             Default: pretty
${configOption}
  --unknown-fields off|info|warning|error
                                   What to say of spec fields that Backstage ignores. Default:
                                   what the configuration says, or warning

Examples:
  goldenpath check
  goldenpath check catalog-info.yaml teams/
  goldenpath check --config .github/goldenpath.yaml
  goldenpath check --format json > report.json

Ends with 0 if there is no error, 1 if there is one, 2 if a file or the configuration cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      format: { type: 'string', default: 'pretty' },
      config: { type: 'string' },
      'unknown-fields': { type: 'string' },
    });
    const format = oneOf('format', ['pretty', 'json'], values.format);
    const { catalog } = await settingsFrom(values.config, {
      json: format === 'json',
    });
    const options: CatalogOptions = { ...catalog };
    if (values['unknown-fields'] !== undefined) {
      options.unknownFields = oneOf(
        'unknown-fields',
        ['off', 'info', 'warning', 'error'],
        values['unknown-fields'],
      );
    }

    const paths = positionals.length > 0 ? positionals : ['.'];
    const names = await findCatalogFiles(paths);
    if (names.length === 0) {
      throw new Unusable(`no catalog-info*.yaml in ${paths.join(', ')}`);
    }
    const files = await Promise.all(names.map(readSource));
    const reports = files.map(file => ({
      file: file.name,
      ...checkCatalogFile(file, options),
    }));
    const entities = reports.flatMap(({ documents }) => documents);
    const all = reports.flatMap(({ diagnostics, documents }) => [
      ...diagnostics,
      ...documents.flatMap(document => document.diagnostics),
    ]);

    if (format === 'json') {
      printJson({
        errors: count(all, 'error'),
        warnings: count(all, 'warning'),
        files: reports,
      });
    } else {
      printDiagnostics(all, files);
      print(
        `${plural(files.length, 'file')}, ` +
          `${plural(entities.length, 'document')}: ${tally(all)}`,
      );
    }
    return hasErrors(all) ? exit.findings : exit.ok;
  },
};
