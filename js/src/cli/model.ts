import { hasErrors } from '../diagnostics';
import { readKinds } from '../kinds';
import { type Command, read, required, takesNone } from './command';
import { writeWhole } from './files';
import { ask, keysSorted, remote, remoteOptions } from './remote';
import { Unusable, exit, plural, print } from './terminal';

export const modelPull: Command = {
  usage: 'model pull --url URL --out FILE [--token-env NAME]',
  summary: 'Keep the kinds of a running Backstage, for `check --model`',
  help: `Options:
  --url URL                        The backend of a running Backstage: https://backstage.acme.dev
  --out FILE                       Written whole or not at all
  --token-env NAME                 The variable with a token that may ask, a static one for example
  --timeout SECONDS                Default: 30

Examples:
  goldenpath model pull --url http://localhost:7007 --token-env BACKSTAGE_TOKEN --out catalog-model.json
  goldenpath check --model catalog-model.json

The plugin of goldenpath answers, from the model that the catalogue has. The same model gives the same
file.

Ends with 0 if it is written, 2 if the Backstage does not answer, or not with a model.`,

  async run(args) {
    const { values, positionals } = read(args, {
      ...remoteOptions,
      out: { type: 'string' },
    });
    takesNone(positionals);
    const out = required('out', values.out);
    const fail = (why: string) => new Unusable(`the model: ${why}`);
    const answer = await ask('api/goldenpath/model', remote(values), {
      fail,
      missing: 'the backend does not have the plugin of goldenpath',
    });
    const content = `${JSON.stringify(keysSorted(answer), null, 2)}\n`;
    const { kinds = [], diagnostics } = readKinds({ name: out, content });
    if (hasErrors(diagnostics)) {
      throw fail(`the answer is none: ${diagnostics[0].message}`);
    }
    await writeWhole(out, content);
    print(`${plural(kinds.length, 'shape')}: ${namesOf(kinds)}`);
    return exit.ok;
  },
};

function namesOf(kinds: Array<{ kind: string }>): string {
  return [...new Set(kinds.map(({ kind }) => kind))].sort().join(', ');
}
