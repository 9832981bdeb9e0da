import type { JsonObject, JsonValue, TemplateLock } from '../../types';
import { type Command, read, required, takesNone } from '../command';
import { isObject, writeWhole } from '../files';
import { ask, keysSorted, remote, remoteOptions } from '../remote';
import { Unusable, exit, plural, print } from '../terminal';

export const templateLock: Command = {
  usage: 'template lock --url URL --out FILE [--token-env NAME]',
  summary: 'Keep which actions an instance has, for `template lint`',
  help: `Options:
  --url URL                        The backend of a running Backstage: https://backstage.acme.dev
  --out FILE                       Written whole or not at all
  --token-env NAME                 The variable with a token that may ask, a static one for example
  --timeout SECONDS                Default: 30

Examples:
  goldenpath template lock --url http://localhost:7007 --token-env BACKSTAGE_TOKEN --out template.lock.json
  goldenpath template lint templates/ --lock template.lock.json

The same answers give the same file.

Ends with 0 if it is written, 2 if the scaffolder does not answer.`,

  async run(args) {
    const { values, positionals } = read(args, {
      ...remoteOptions,
      out: { type: 'string' },
    });
    takesNone(positionals);
    const out = required('out', values.out);
    const source = remote(values);
    const fail = (why: string) => new Unusable(`the scaffolder: ${why}`);
    const actions = await ask('api/scaffolder/v2/actions', source, {
      fail,
      missing: 'it is not installed',
    });
    // scaffolders before 1.38 do not say
    const extensions = await ask(
      'api/scaffolder/v2/templating-extensions',
      source,
      { fail },
    );
    const lock: TemplateLock = {
      actions: actionsIn(actions, fail),
      ...(isObject(extensions) && extensionsIn(extensions)),
    };
    await writeWhole(out, `${JSON.stringify(lock, null, 2)}\n`);
    print(
      [
        plural(lock.actions.length, 'action'),
        ...(lock.filters ? [plural(lock.filters.length, 'filter')] : []),
        ...(lock.globals ? [plural(lock.globals.length, 'global')] : []),
      ].join(', '),
    );
    return exit.ok;
  },
};

/** What a template can be checked against: no descriptions of actions, no examples. */
function actionsIn(
  answer: JsonValue | undefined,
  fail: (why: string) => Unusable,
): TemplateLock['actions'] {
  const isList =
    Array.isArray(answer) &&
    answer.every(one => isObject(one) && typeof one.id === 'string');
  if (!isList) throw fail('the answer is no list of actions');
  return (answer as Array<JsonObject & { id: string }>)
    .map(({ id, schema }) => {
      const { input, output } = isObject(schema) ? schema : ({} as JsonObject);
      return { id, schema: keysSorted({ input, output }) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
}

function extensionsIn({ filters, globals }: JsonObject) {
  const names = (value: JsonValue | undefined) =>
    isObject(value) ? Object.keys(value) : [];
  const { functions, values } = isObject(globals)
    ? globals
    : ({} as JsonObject);
  return {
    filters: names(filters).sort(),
    globals: [...names(functions), ...names(values)].sort(),
  };
}
