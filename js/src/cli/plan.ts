import { planEnvironment, planPerson } from '../plan';
import { checkOutputs } from '../skeleton/check';
import { write } from '../skeleton/write';
import { type Command, oneOf, read, required, takesNone } from './command';
import { readSource } from './files';
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

const planEnvironmentCommand: Command = {
  usage: 'plan environment --values FILE --out FOLDER',
  summary: 'Plan a staging environment: its services, hosts, price and files',
  help: `Chooses what runs by the catalogue's relations, and writes environments/ID.yaml and the manifests into
FOLDER: all of it, or nothing. Deleting those files tears the environment down.

Options:
  --values FILE      YAML or JSON: owner, requester, branch, components, lifetime, size, now, domain, and the
                     catalog and images to choose from
  --out FOLDER       Where platform-config is. Without, nothing is written
  --replace          Replace the files of a plan that is there already
  --prices FILE      A price sheet in OpenCost's format. Default: OpenCost's own prices, in USD
  --format FORMAT    text (the default) or json

Examples:
  goldenpath plan environment --values checkout.yaml
  goldenpath plan environment --values checkout.yaml --out ../platform-config

Ends with 0 if there is a plan, 1 if something is in its way, 2 if a file cannot be read or written.`,

  async run(args) {
    const { values: options, positionals } = read(args, {
      values: { type: 'string' },
      out: { type: 'string' },
      replace: { type: 'boolean', default: false },
      prices: { type: 'string' },
      format: { type: 'string', default: 'text' },
    });
    const format = oneOf('format', ['text', 'json'], options.format);
    takesNone(positionals);
    const values = await readSource(required('values', options.values));
    const prices =
      options.prices === undefined
        ? undefined
        : await readSource(options.prices);

    const plan = planEnvironment(values, prices);
    const { diagnostics, environment, estimate, files } = plan;
    if (!environment || !estimate || !files) {
      if (format === 'json') printJson(plan);
      else {
        printDiagnostics(diagnostics, prices ? [values, prices] : [values]);
        print(tally(diagnostics));
      }
      return exit.findings;
    }
    if (options.out !== undefined) {
      await writeFiles(files, options.out, options.replace);
    }
    if (format === 'json') printJson(plan);
    else {
      const { id, services, shared, expiresAt } = environment;
      print(`${id}, until ${expiresAt}`);
      for (const { name, source, host } of services) {
        const from =
          source === 'branch' ? '' : ' (main: the branch has no image)';
        print(`  ${name}: https://${host}${from}`);
      }
      if (shared.length > 0) print(`  shared: ${shared.join(', ')}`);
      print(`${estimate.total.toFixed(2)} ${estimate.currency}`);
      if (options.out !== undefined) {
        print(
          `${plural(Object.keys(files).length, 'file')} written to ${
            options.out
          }`,
        );
      }
    }
    return exit.ok;
  },
};

const planPersonCommand: Command = {
  usage: 'plan person --values FILE --out FOLDER',
  summary: 'Plan what somebody may use, when they join, move or leave',
  help: `Compares what the role and the team of a person bring now with what they brought before, and writes
people/UPN.yaml and what follows from it into FOLDER: all of it, or nothing. Files that are no longer
wanted are deleted there.

Options:
  --values FILE      YAML or JSON: person, previous (absent of who is new), roles, teams
  --out FOLDER       Where platform-config is. Without, nothing is written
  --format FORMAT    text (the default) or json

Examples:
  goldenpath plan person --values ada.yaml
  goldenpath plan person --values ada.yaml --out ../platform-config

Ends with 0 if there is a plan, 1 if something is in its way, 2 if a file cannot be read or written.`,

  async run(args) {
    const { values: options, positionals } = read(args, {
      values: { type: 'string' },
      out: { type: 'string' },
      format: { type: 'string', default: 'text' },
    });
    const format = oneOf('format', ['text', 'json'], options.format);
    takesNone(positionals);
    const values = await readSource(required('values', options.values));

    const plan = planPerson(values);
    const { diagnostics, change, grants = [], revokes = [], files } = plan;
    if (!files) {
      if (format === 'json') printJson(plan);
      else {
        printDiagnostics(diagnostics, [values]);
        print(tally(diagnostics));
      }
      return exit.findings;
    }
    // the plan knows the person as they were, so the files of then are there
    if (options.out !== undefined) await writeFiles(files, options.out, true);
    if (format === 'json') printJson(plan);
    else {
      print(change === 'none' ? 'nothing changes' : `${change}`);
      for (const { system, target } of revokes) print(`- ${system} ${target}`);
      for (const { system, target } of grants) print(`+ ${system} ${target}`);
    }
    return exit.ok;
  },
};

export const planCommands: Record<string, Command> = {
  'plan environment': planEnvironmentCommand,
  'plan person': planPersonCommand,
};

/** All files of a plan, or none; null deletes one. */
async function writeFiles(
  files: Record<string, string | null>,
  target: string,
  replace: boolean,
) {
  const outputs = Object.entries(files).map(([path, text]) => ({
    entry: { kind: 'file' as const, path, mode: 0o644 },
    path,
    text: text ?? '',
    isRemoved: text === null,
  }));
  const { verdicts, diagnostics } = await checkOutputs(
    outputs,
    target,
    replace,
  );
  if (diagnostics.length > 0) {
    printDiagnostics(diagnostics, []);
    throw new Unusable(`nothing was written to \`${target}\``);
  }
  const there = outputs.find((_, index) => verdicts[index] === 'keep');
  if (there) {
    throw new Unusable(
      `\`${there.path}\` is in \`${target}\` already: --replace replaces it`,
    );
  }
  const placed = outputs
    .map((output, index) => ({
      ...output,
      replaces: verdicts[index] === 'replace',
    }))
    // what is to go and is not there is done
    .filter(({ isRemoved, replaces }) => replaces || !isRemoved);
  try {
    await write(placed, '', target);
  } catch (error) {
    throw cannot('write to', target, error);
  }
}
