import { hasErrors } from '../diagnostics';
import type { CatalogReport, Diagnostic, SourceFile } from '../types';
import { type Command, oneOf, read } from './command';
import { findCatalogFiles, readSource } from './files';
import { fixerFor } from './fix';
import { modelOption, optionsFrom } from './kinds';
import { type Checked, withTargets } from './locations';
import { ReferenceCheck } from './references';
import { reporters } from './report';
import { WorkingTrees } from './repository';
import { noDescriptor } from './require';
import { needsLevels, printScorecard } from './scorecard';
import { type Refusal, configOption, refused, settingsFrom } from './settings';
import { settled } from './settle';
import { checkRead, readDescriptor, unreadable } from './unreadable';
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
Skeletons of templates and the snapshots of their cases are left to \`template lint\` and \`template test\`.
The files that Locations list are checked, too, and it is said which files none of them lists. References
between the entities of all files are judged: kinds, cycles, duplicates, and whether they lead anywhere.

Options:
  --format FORMAT                  pretty (the default), json, or for other programs: sarif (code
                                   scanning), github (annotations in a workflow), gitlab (Code
                                   Quality), junit, markdown (a table for a comment)
  --fix                            Write into the files what is certain, and say what; the rest of
                                   a file stays as it is
  --fix --dry-run                  Write nothing, but print what would change as a diff
  --snapshot FILE                  What the catalogue has besides, by \`goldenpath snapshot\`: then references
                                   that lead nowhere are told
  --complete                       It has nothing besides these files: likewise
  --require                        That there is no catalogue file is a finding, not the end
${configOption}
${modelOption}
  --baseline FILE                  Findings that are known, which are hidden; it is said which of them
                                   are gone
  --update-baseline                Write all findings of now into the baseline
  --scorecard                      How far every entity is by the configuration's levels, instead of
                                   the findings; as pretty, json or markdown
  --unknown-fields off|info|warning|error
                                   What to say of spec fields that Backstage ignores. Default:
                                   what the configuration says, or warning

Examples:
  goldenpath check
  goldenpath check catalog-info.yaml teams/
  goldenpath check --config .github/goldenpath.yaml
  goldenpath check --format json > report.json
  goldenpath check --snapshot catalog.snapshot.json
  goldenpath check --fix --dry-run | git apply
  goldenpath check --baseline .goldenpath-baseline.json --update-baseline
  goldenpath check --scorecard --format markdown
  goldenpath check --require --format sarif > goldenpath.sarif

Ends with 0 if there is no error, 1 if there is one, which may be that a file cannot be read, 2 if a PATH is
not there, there is no catalogue file, or the configuration, the snapshot or the baseline cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      format: { type: 'string', default: 'pretty' },
      config: { type: 'string' },
      model: { type: 'string' },
      'unknown-fields': { type: 'string' },
      require: { type: 'boolean', default: false },
      baseline: { type: 'string' },
      'update-baseline': { type: 'boolean', default: false },
      scorecard: { type: 'boolean', default: false },
      fix: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      snapshot: { type: 'string' },
      complete: { type: 'boolean', default: false },
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
    const refusal: Refusal = {
      json: format === 'json',
      refuse: (diagnostics, file) => refuse(diagnostics, [file]),
    };
    const { catalog } = await settingsFrom(values.config, refusal);
    const options = optionsFrom(catalog, values, refuse);
    if (values['unknown-fields'] !== undefined) {
      options.unknownFields = oneOf(
        'unknown-fields',
        ['off', 'info', 'warning', 'error'],
        values['unknown-fields'],
      );
    }

    if (values.scorecard) needsLevels(options, format);

    const paths = positionals.length > 0 ? positionals : ['.'];
    const unread: Checked[] = [];
    const names = await findCatalogFiles(paths, (folder, error) =>
      unread.push(unreadable(folder, error)),
    );
    if (names.length + unread.length === 0 && !values.require) {
      throw new Unusable(`no catalog-info*.yaml in ${paths.join(', ')}`);
    }
    const trees = new WorkingTrees();
    const references = new ReferenceCheck(options, values.complete);
    if (values.snapshot !== undefined) {
      const snapshot = await readSource(values.snapshot);
      const wrong = references.readLive(snapshot);
      if (wrong.length > 0) refused(wrong, snapshot, refusal);
    }
    const fixer = fixerFor(values, format, options, trees);
    const checkOne = (file: SourceFile) => {
      if (fixer) file.content = fixer.fix(file).content;
      return references.check(file, trees.of(file.name));
    };
    const named = names.map(name => checkRead(readDescriptor(name), checkOne));
    const checked = await withTargets([...unread, ...named], checkOne);
    references.addTo(checked);
    const files = checked.map(({ file }) => file);
    const found = checked.map(({ file, report }) => ({
      file: file.name,
      ...report,
    }));
    if (checked.length === 0) found.push(noDescriptor(paths));
    const {
      reports,
      files: others,
      notes,
    } = await settled(found, options, {
      known: references.known,
      baseline: values.baseline,
      updateBaseline: values['update-baseline'],
      refuse: (diagnostics, file) => refuse(diagnostics, [file]),
    });
    if (values.scorecard) {
      printScorecard(reports, options, format);
      return hasErrors(reports.flatMap(allOf)) ? exit.findings : exit.ok;
    }
    const entities = reports.flatMap(({ documents }) => documents);
    const findings = reports.map(report => ({
      file: report.file,
      diagnostics: allOf(report),
    }));
    const all = findings.flatMap(({ diagnostics }) => diagnostics);
    const summary =
      `${plural(files.length, 'file')}, ` +
      `${plural(entities.length, 'document')}: ${[
        tally(all),
        ...notes,
        ...(fixer ? [fixer.summary] : []),
      ].join(', ')}`;

    if (format === 'json') {
      printJson({
        errors: count(all, 'error'),
        warnings: count(all, 'warning'),
        ...(fixer && { fixed: fixer.fixed }),
        files: reports,
      });
    } else if (values['dry-run']) {
      process.stdout.write(fixer?.diff ?? '');
      process.stderr.write(`${summary}\n`);
    } else if (format === 'pretty') {
      process.stdout.write(fixer?.lines ?? '');
      printDiagnostics(all, [...files, ...trees.files.values(), ...others]);
      print(summary);
    } else {
      process.stderr.write(fixer?.lines ?? '');
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
