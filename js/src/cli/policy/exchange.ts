import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hasErrors } from '../../diagnostics';
import { compareRhdh, exportCedar, importRhdh } from '../../exchange';
import type { CedarSnapshot } from '../../types';
import { type Command, oneOf, read, required, takesNone } from '../command';
import {
  Unusable,
  cannot,
  exit,
  plural,
  print,
  printDiagnostics,
  tally,
} from '../terminal';
import { readDirectory } from './directory';
import {
  directoryOption,
  policyHelp,
  policyOption,
  readObject,
  readPolicy,
  readSources,
  refusing,
  withPolicy,
} from './inputs';

export const policyImportRhdh: Command = {
  usage: 'policy import-rhdh CSV [CONDITIONS] --out FOLDER',
  summary: "Write files of Red Hat's RBAC plugin as an access policy",
  help: `With --directory it also lists every decision that changes, since no deny is outvoted any more:
for whom, by which lines, and which rule of the plugin is why.

Options:
  --out FOLDER                     Where to write; what is there already is not replaced
${directoryOption}
  --precedence conditional|basic   permission.rbac.policyDecisionPrecedence; default: conditional

Examples:
  goldenpath policy import-rhdh policy.csv conditions.yaml --out policy --directory people.yaml

Ends with 0 if it is written, 1 if a file has an error and nothing is written, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
      out: { type: 'string' },
      directory: { type: 'string' },
      precedence: { type: 'string', default: 'conditional' },
    });
    const words = ['conditional', 'basic'] as const;
    const precedence = oneOf('precedence', words, values.precedence);
    const out = required('out', values.out);
    const [csv, conditions, ...more] = await readSources(positionals);
    if (!csv || more.length > 0) {
      throw new Unusable('name the CSV file, and the file of conditions');
    }
    const files = { csv, conditions };
    const { files: written, diagnostics } = importRhdh(files, { precedence });
    printDiagnostics(diagnostics, conditions ? [csv, conditions] : [csv]);
    if (hasErrors(diagnostics)) {
      print(`nothing written: ${tally(diagnostics)}`);
      return exit.findings;
    }
    const path = values.directory;
    const people = path === undefined ? undefined : await readDirectory(path);
    const report =
      people &&
      refusing(() => compareRhdh(files, people, { precedence }), path);
    await write(out, written);
    if (report) print(report.text);
    return exit.ok;
  },
};

export const policyExport: Command = {
  usage: 'policy export --cedar --policy FILE --out FOLDER [--snapshot FILE]',
  summary: 'Write a policy for Cedar, with users, groups and resources',
  help: `Options:
  --cedar                          The format; there is no other
${policyOption}
  --out FOLDER                     Where to write policies.cedar, entities.json and schema.cedarschema
  --snapshot FILE                  {directory: {groups, users}, entities: [...], now?, context?}, YAML or JSON

Examples:
  goldenpath policy export --cedar --policy policy.yaml --snapshot snapshot.json --out cedar

Ends with 0 if it is written, 1 if the policy has an error, 2 if a file cannot be used.`,

  async run(args) {
    const { values, positionals } = read(args, {
      cedar: { type: 'boolean', default: false },
      policy: { type: 'string', multiple: true },
      out: { type: 'string' },
      snapshot: { type: 'string' },
    });
    takesNone(positionals, policyHelp);
    if (!values.cedar) throw new Unusable('name the format: --cedar');
    const out = required('out', values.out);
    const files = await readPolicy(required('policy', values.policy));
    const path = values.snapshot;
    const snapshot: CedarSnapshot = path ? await readObject(path) : {};

    return withPolicy({ files }, async policy => {
      const cedar = refusing(() => exportCedar(policy, snapshot), path);
      await write(out, [
        { name: 'policies.cedar', content: cedar.policies },
        {
          name: 'entities.json',
          content: `${JSON.stringify(cedar.entities, null, 2)}\n`,
        },
        { name: 'schema.cedarschema', content: cedar.schema },
      ]);
      return exit.ok;
    });
  },
};

/** Writes all files, or none if one of them is there already. */
async function write(
  folder: string,
  files: Array<{ name: string; content: string }>,
) {
  for (const { name } of files) {
    const path = join(folder, name);
    if (existsSync(path)) {
      throw new Unusable(`\`${path}\` is there already: remove it first`);
    }
  }
  for (const { name, content } of files) {
    const path = join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(path, content, { flag: 'wx' });
    } catch (error) {
      throw cannot('write', path, error);
    }
  }
  print(
    `${plural(files.length, 'file')} written to ${folder}: ${files
      .map(({ name }) => name)
      .join(', ')}`,
  );
}
