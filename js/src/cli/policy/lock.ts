import type { JsonValue, PolicyLock } from '../../types';
import { type Command, read, required, takesNone } from '../command';
import { isObject, writeWhole } from '../files';
import { Unusable, exit, plural, print } from '../terminal';

type Plugin = PolicyLock['plugins'][number];

const METADATA = '.well-known/backstage/permissions/metadata';
const MAX_BYTES = 4 * 1024 * 1024;

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
      url: { type: 'string' },
      out: { type: 'string' },
      'token-env': { type: 'string' },
      plugin: { type: 'string', multiple: true },
      timeout: { type: 'string', default: '30' },
    });
    takesNone(positionals);
    const ids = values.plugin ?? ['catalog', 'scaffolder', 'goldenpath'];
    const out = required('out', values.out);
    const source = {
      base: baseOf(required('url', values.url)),
      token: tokenIn(values['token-env']),
      timeout: seconds(values.timeout),
    };
    const answers = await Promise.allSettled(
      [...new Set(ids)].sort().map(id => ask(id, source)),
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

interface Source {
  base: string;
  token?: string;
  timeout: number;
}

async function ask(id: string, source: Source): Promise<Plugin> {
  const fail = (why: string) => new Unusable(`plugin ${id}: ${why}`);
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw fail('that is no id of a plugin');
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${source.base}/api/${id}/${METADATA}`, {
      headers: {
        accept: 'application/json',
        ...(source.token && { authorization: `Bearer ${source.token}` }),
      },
      // a token is for this server only
      redirect: 'manual',
      signal: AbortSignal.timeout(source.timeout * 1000),
    });
    text = await start(response);
  } catch (error) {
    throw fail(troubleOf(error as Error, source));
  }
  const { status } = response;
  if (status !== 200) throw fail(`${status}, ${meaningOf(status, source)}`);
  if (text.length > MAX_BYTES)
    throw fail(`the answer has over ${MAX_BYTES} bytes`);
  return sorted(id, parse(text, fail), fail);
}

/** As much of the answer as there should be at most, and a bit. */
async function start(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) break;
  }
  return text;
}

function troubleOf({ name, cause, message }: Error, { timeout }: Source) {
  if (name === 'TimeoutError') return `no answer in ${timeout} s`;
  const deeper = (cause ?? {}) as { code?: string; message?: string };
  return deeper.code ?? deeper.message ?? message;
}

function meaningOf(status: number, { token }: Source): string {
  if (status >= 300 && status < 400) {
    return 'it is elsewhere: --url is the address of the backend itself';
  }
  switch (status) {
    case 401:
      return token
        ? 'the token is not accepted'
        : 'it wants a token: give --token-env';
    case 403:
      return 'the token may not ask that';
    case 404:
      return 'it is not installed, or has no permissions';
    default:
      return 'not an answer';
  }
}

function parse(text: string, fail: (why: string) => Unusable): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    throw fail('the answer is not JSON');
  }
}

/** What the policy can be checked against, in an order of its own. */
function sorted(
  id: string,
  answer: JsonValue,
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

function keysSorted(value: any): any {
  if (Array.isArray(value)) return value.map(keysSorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, keysSorted(inner)]),
  );
}

/** Not shown, as it may have a password. */
function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Unusable('--url is an http or https address without a password');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Not shown either. */
function tokenIn(variable?: string): string | undefined {
  if (variable === undefined) return undefined;
  const token = process.env[variable]?.trim();
  if (!token) throw new Unusable(`the variable ${variable} is not set`);
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Unusable(`the variable ${variable} has no token`);
  }
  return token;
}

function seconds(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new Unusable(`--timeout is a number of seconds, not \`${text}\``);
  }
  return Number(text);
}
