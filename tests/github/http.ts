import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer that is not a success, in GitHub's own form. */
export class HttpError extends Error {
  readonly status: number;
  readonly errors?: unknown[];

  constructor(status: number, message: string, errors?: unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = () => new HttpError(404, 'Not Found');

export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  parameters: Record<string, string>;
  body: unknown;
}

/** What a handler gives back: the status and a JSON value, or nothing if it has answered by itself. */
export type Answer = { status: number; json?: unknown } | undefined;

export interface Route {
  method: string;
  pattern: RegExp;
  handle: (call: Call) => Answer | Promise<Answer>;
}

/** `:name` stands for one segment of the path, `*name` for all that follow. */
export function route(
  method: string,
  path: string,
  handle: Route['handle'],
): Route {
  const pattern = path
    .replace(/:(\w+)/g, '(?<$1>[^/]+)')
    .replace(/\*(\w+)/g, '(?<$1>.*)');
  return { method, pattern: new RegExp(`^${pattern}$`), handle };
}

export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (text === '') {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'Problems parsing JSON');
  }
}

const CHECKS: Record<string, (value: unknown) => boolean> = {
  string: value => typeof value === 'string',
  boolean: value => typeof value === 'boolean',
  number: value => typeof value === 'number',
  object: value =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
  strings: value =>
    Array.isArray(value) && value.every(item => typeof item === 'string'),
  objects: value =>
    Array.isArray(value) &&
    value.every(item => typeof item === 'object' && item !== null),
  null: value => value === null,
};

/**
 * The body's fields, each of the type that its shape names: `string`, `object|null`, `boolean?` (may be missing).
 * GitHub ignores fields it does not know; here they are refused, so that a misspelt one is noticed.
 */
export function readFields(
  body: unknown,
  shape: Record<string, string>,
): Record<string, any> {
  const fields = (body ?? {}) as Record<string, unknown>;
  const problems: string[] = [];
  for (const [name, types] of Object.entries(shape)) {
    const optional = types.endsWith('?');
    const value = fields[name];
    if (value === undefined) {
      if (!optional) {
        problems.push(`"${name}" wasn't supplied.`);
      }
    } else if (
      !types
        .replace('?', '')
        .split('|')
        .some(type => CHECKS[type](value))
    ) {
      problems.push(
        `For 'properties/${name}', ${JSON.stringify(value)} is not ${types}.`,
      );
    }
  }
  for (const name of Object.keys(fields)) {
    if (!(name in shape)) {
      problems.push(`"${name}" is not a permitted key.`);
    }
  }
  if (problems.length > 0) {
    throw new HttpError(422, `Invalid request.\n\n${problems.join('\n')}`);
  }
  return fields;
}
