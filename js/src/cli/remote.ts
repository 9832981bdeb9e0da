import type { JsonValue } from '../types';
import { required } from './command';
import { isObject } from './files';
import { Unusable } from './terminal';

const MAX_BYTES = 4 * 1024 * 1024;

/** A running Backstage, and what it is asked with. */
export interface Remote {
  base: string;
  token?: string;
  timeout: number;
}

/** The options of commands that ask a Backstage. */
export const remoteOptions = {
  url: { type: 'string' },
  'token-env': { type: 'string' },
  timeout: { type: 'string', default: '30' },
} as const;

/** Reads {@link remoteOptions}. */
export function remote(values: {
  url?: string;
  'token-env'?: string;
  timeout: string;
}): Remote {
  return {
    base: baseOf(required('url', values.url)),
    token: tokenIn(values['token-env']),
    timeout: seconds(values.timeout),
  };
}

/** The JSON that a running Backstage answers; none if there is no such path and that is all right. */
export async function ask(
  path: string,
  source: Remote,
  { fail, missing }: { fail: (why: string) => Unusable; missing?: string },
): Promise<JsonValue | undefined> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${source.base}/${path}`, {
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
  if (status === 404 && missing === undefined) return undefined;
  if (status !== 200) {
    throw fail(`${status}, ${meaningOf(status, source, missing)}`);
  }
  if (text.length > MAX_BYTES)
    throw fail(`the answer has over ${MAX_BYTES} bytes`);
  return parse(text, fail);
}

/** With the keys of all objects in order, so that the same answer gives the same text. */
export function keysSorted(value: any): any {
  if (Array.isArray(value)) return value.map(keysSorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, keysSorted(inner)]),
  );
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

function troubleOf({ name, cause, message }: Error, { timeout }: Remote) {
  if (name === 'TimeoutError') return `no answer in ${timeout} s`;
  const deeper = (cause ?? {}) as { code?: string; message?: string };
  return deeper.code ?? deeper.message ?? message;
}

function meaningOf(
  status: number,
  { token }: Remote,
  missing: string | undefined,
): string {
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
      return missing ?? 'it is not there';
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
