import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ANSWERS_FILE } from '../answers';
import { hasErrors } from '../diagnostics';
import { type UpgradedFile, upgradeSkeleton } from '../upgrade';
import { type Command, oneOf, read, required } from './command';
import { isObject, readValue } from './files';
import {
  Unusable,
  cannot,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
  tally,
} from './terminal';

export const templateUpgrade: Command = {
  usage: 'template upgrade FOLDER --base OLD --skeleton NEW',
  summary: 'Bring what a newer skeleton changed into a rendered folder',
  help: `Renders the skeleton OLD, which FOLDER was made of, and NEW with the answers recorded in
FOLDER/${ANSWERS_FILE}, and merges what differs into FOLDER: what was edited there stays.
YAML and JSON are merged by their keys, other text by lines, other files as a whole.

Options:
  --base OLD                       The folder of the skeleton that FOLDER was rendered from
  --skeleton NEW                   The folder of the skeleton to follow
  --values FILE                    YAML or JSON; over the recorded values, for the new skeleton
  --answers PATH                   Where the answers are, in FOLDER
  --conflicts markers|sidecar|fail Both versions in the file (default), the template's in
                                   FILE.goldenpath-theirs, or nothing is written
  --format pretty|json             Default: pretty

Examples:
  goldenpath template upgrade . --base ../templates-v1/skeleton --skeleton ../templates-v2/skeleton
  goldenpath template upgrade . --base old --skeleton new --conflicts fail

Ends with 0 if all is merged, 1 if there are conflicts or a template has an error, 2 if a file cannot be read
or written.`,

  async run(args) {
    const { values: options, positionals } = read(args, {
      base: { type: 'string' },
      skeleton: { type: 'string' },
      values: { type: 'string' },
      answers: { type: 'string' },
      conflicts: { type: 'string', default: 'markers' },
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], options.format);
    const conflicts = oneOf(
      'conflicts',
      ['markers', 'sidecar', 'fail'],
      options.conflicts,
    );
    const [target, ...more] = positionals;
    if (!target || more.length > 0) throw new Unusable('name one folder');
    const base = required('base', options.base);
    const skeleton = required('skeleton', options.skeleton);
    const values = options.values ? await readValue(options.values) : {};
    if (!isObject(values)) {
      throw new Unusable('the values are not a map of names to values');
    }

    const recorded = join(target, options.answers ?? ANSWERS_FILE);
    if (existsSync(target) && !existsSync(recorded)) {
      throw new Unusable(
        `there are no answers in \`${recorded}\`: \`goldenpath render --answers\` writes them`,
      );
    }
    const report = await upgradeSkeleton({
      target,
      answers: options.answers,
      base,
      skeleton,
      values,
      conflicts,
    }).catch(error => {
      if (error instanceof TypeError) throw new Unusable(error.message);
      throw error.code ? cannot('upgrade', error.path ?? target, error) : error;
    });
    const { files, diagnostics, sources, isWritten } = report;
    const undecided = files.filter(({ action }) => action === 'conflict');
    if (format === 'json') {
      printJson({ files, diagnostics, isWritten });
    } else {
      printDiagnostics(diagnostics, sources);
      for (const file of files) print(line(file));
      const done = isWritten ? 'upgraded' : 'nothing written';
      const found = hasErrors(diagnostics)
        ? tally(diagnostics)
        : `${plural(undecided.length, 'file')} with conflicts`;
      print(`${target}: ${done}, ${found}`);
    }
    return hasErrors(diagnostics) || undecided.length > 0
      ? exit.findings
      : exit.ok;
  },
};

function line({ action, path, conflicts = [], sidecar }: UpgradedFile) {
  const places = conflicts.map(({ line: at, message }) =>
    at === undefined ? message : `line ${at}: ${message}`,
  );
  const beside = sidecar ? [`see ${sidecar}`] : [];
  const notes = [...places, ...beside].join('; ');
  return `${action.padEnd(9)} ${path}${notes && ` (${notes})`}`;
}
