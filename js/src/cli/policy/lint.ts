import type { PolicyLock } from '../../types';
import { type Command, oneOf, read } from '../command';
import {
  Unusable,
  exit,
  plural,
  print,
  printDiagnostics,
  printJson,
  tally,
} from '../terminal';
import { directoryOption, readObject, readPolicy, withPolicy } from './inputs';

export const policyLint: Command = {
  usage: 'policy lint FILE|FOLDER... [--directory FILE] [--permissions FILE]',
  summary:
    'Find what is likely not meant: rules without effect, roles nobody has',
  help: `Options:
${directoryOption}
  --permissions FILE               What plugins answer at /.well-known/backstage/permissions/metadata: {plugins: [{id, permissions, rules}]}
  --budget BYTES                   What the conditions of one decision may take; default 2048
  --now TIME                       RFC 3339, for what depends on the time; the present, if absent
  --format pretty|json             Default: pretty

Examples:
  goldenpath policy lint policy/*.yaml --directory people.yaml

Ends with 0 if there is nothing to say, 1 if there is, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
      directory: { type: 'string' },
      permissions: { type: 'string' },
      budget: { type: 'string' },
      now: { type: 'string', default: new Date().toISOString() },
      format: { type: 'string', default: 'pretty' },
    });
    const format = oneOf('format', ['pretty', 'json'], values.format);
    if (positionals.length === 0) throw new Unusable('name a policy file');
    const files = await readPolicy(positionals);
    const lock =
      values.permissions === undefined
        ? undefined
        : ((await readObject(values.permissions)) as unknown as PolicyLock);
    const budgetBytes = bytes(values.budget);

    return withPolicy(
      { files, directory: values.directory, json: format === 'json' },
      policy => {
        const diagnostics = policy.lint({
          now: values.now,
          ...(lock && { permissions: lock }),
          ...(budgetBytes !== undefined && { budgetBytes }),
        });
        if (format === 'json') {
          printJson({ diagnostics });
        } else {
          printDiagnostics(diagnostics, files);
          print(`${plural(files.length, 'file')}: ${tally(diagnostics)}`);
        }
        return diagnostics.length > 0 ? exit.findings : exit.ok;
      },
    );
  },
};

function bytes(text?: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) {
    throw new Unusable(`--budget is a number of bytes, not \`${text}\``);
  }
  return Number(text);
}
