import type { JsonValue, PolicyLock } from '../../types';
import { type Command, read, required, takesNone } from '../command';
import { isObject, writeWhole } from '../files';
import { type Remote, ask, keysSorted, remote, remoteOptions } from '../remote';
import { Unusable, exit, plural, print } from '../terminal';

type Plugin = PolicyLock['plugins'][number];

const METADATA = '.well-known/backstage/permissions/metadata';

export const policyLock: Command = {
  usage: 'policy lock --url URL --out FILE [--token-env NAME] [--plugin ID]',
  summary: 'Keep what plugins say of their permissions, for `policy lint`',
  help: `Options:
  --url URL                        The backend of a running Backstage: https://backstage.acme.dev
  --out FILE                       Written whole or not at all
  --token-env NAME                 The variable with a token that may ask, a static one for example
  --plugin ID                      Repeatable; default: catalog, scaffolder, goldenpath
  --timeout SECONDS                For each plugin; default: 30

Examples:
  goldenpath policy lock --url http://localhost:7007 --token-env BACKSTAGE_TOKEN --out policy.lock.json
  goldenpath policy lint policy/*.yaml --permissions policy.lock.json

The same answers give the same file.

Ends with 0 if it is written, 2 if a plugin does not answer.`,

  async run(args) {
    const { values, positionals } = read(args, {
      ...remoteOptions,
      out: { type: 'string' },
      plugin: { type: 'string', multiple: true },
    });
    takesNone(positionals);
    const ids = values.plugin ?? ['catalog', 'scaffolder', 'goldenpath'];
    const out = required('out', values.out);
    const source = remote(values);
    const answers = await Promise.allSettled(
      [...new Set(ids)].sort().map(id => askPlugin(id, source)),
    );
    const problems = answers.flatMap(answer =>
      answer.status === 'rejected' ? [answer.reason] : [],
    );
    const defect = problems.find(problem => !(problem instanceof Unusable));
    if (defect) throw defect;
    if (problems.length > 0) {
      throw new Unusable(
        [
          'nothing is written, as not every plugin answers',
          ...problems.map(({ message }) => `  ${message}`),
          'ask only some with --plugin, once for each',
        ].join('\n'),
      );
    }
    const plugins = answers.flatMap(answer =>
      answer.status === 'fulfilled' ? [answer.value] : [],
    );
    const lock: PolicyLock = { plugins };
    await writeWhole(out, `${JSON.stringify(lock, null, 2)}\n`);
    for (const { id, permissions = [], rules = [] } of plugins) {
      print(
        `${id}: ${plural(permissions.length, 'permission')}, ` +
          `${plural(rules.length, 'rule')}`,
      );
    }
    return exit.ok;
  },
};

async function askPlugin(id: string, source: Remote): Promise<Plugin> {
  const fail = (why: string) => new Unusable(`plugin ${id}: ${why}`);
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw fail('that is no id of a plugin');
  const answer = await ask(`api/${id}/${METADATA}`, source, {
    fail,
    missing: 'it is not installed, or has no permissions',
  });
  return sorted(id, answer, fail);
}

/** What the policy can be checked against, in an order of its own. */
function sorted(
  id: string,
  answer: JsonValue | undefined,
  fail: (why: string) => Unusable,
): Plugin {
  const list = (name: string) => {
    const value = isObject(answer) ? answer[name] ?? [] : undefined;
    const isList =
      Array.isArray(value) &&
      value.every(one => isObject(one) && typeof one.name === 'string');
    if (!isList) throw fail(`the answer has no list of ${name}`);
    return (value as any[]).sort(byNameAndType);
  };
  return {
    id,
    permissions: list('permissions').map(
      ({ name, attributes, resourceType }) => ({
        name,
        attributes: { action: attributes?.action },
        resourceType,
      }),
    ),
    rules: list('rules').map(({ name, resourceType, paramsSchema }) => ({
      name,
      resourceType,
      paramsSchema: keysSorted(paramsSchema),
    })),
  };
}

function byNameAndType(
  a: { name: string; resourceType?: string },
  b: { name: string; resourceType?: string },
): number {
  const [left, right] = [a, b].map(
    ({ name, resourceType }) => `${name}\n${resourceType}`,
  );
  return left < right ? -1 : Number(left > right);
}
