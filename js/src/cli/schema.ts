import { writeFile } from 'node:fs/promises';

import { editorSchema } from '../editor';
import { type Command, read, takesNone } from './command';
import { modelOption, optionsFrom } from './kinds';
import { configOption, settingsFrom } from './settings';
import { Unusable, exit, print, printDiagnostics } from './terminal';

export const schema: Command = {
  usage: 'schema',
  summary:
    'Write a JSON Schema of catalogue files for editors, with the rules of your organisation',
  help: `An editor with the YAML language server completes and checks by it while one types. Name it in the
first line of a file:

  # yaml-language-server: $schema=./catalog-info.schema.json

or in the settings of the editor, for all files of that name. What a schema cannot say, such as whether an
owner exists, \`goldenpath check\` says.

Options:
  --kind KIND                      Of one kind only. Default: all
${configOption}
${modelOption}
  --output FILE                    Default: print it

Examples:
  goldenpath schema --output catalog-info.schema.json
  goldenpath schema --kind Component --config .github/goldenpath.yaml

Ends with 0 if there is a schema, 2 if there is no such kind or the configuration cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      kind: { type: 'string' },
      config: { type: 'string' },
      model: { type: 'string' },
      output: { type: 'string' },
    });
    takesNone(positionals);
    const { catalog } = await settingsFrom(values.config, { json: false });
    const options = optionsFrom(catalog, values, printDiagnostics);
    const answer = editorSchema(options, values.kind);
    if (answer.schema === undefined) {
      const near = answer.meant ? `: did you mean \`${answer.meant}\`?` : '';
      throw new Unusable(`there is no kind \`${values.kind}\`${near}`);
    }
    const text = JSON.stringify(answer.schema, null, 2);
    if (values.output === undefined) print(text);
    else await writeFile(values.output, `${text}\n`);
    return exit.ok;
  },
};
