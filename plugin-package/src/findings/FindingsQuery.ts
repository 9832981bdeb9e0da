import { InputError } from '@backstage/errors';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Severity } from 'goldenpath';
import type { Request } from 'express';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

const SEVERITIES: readonly string[] = ['error', 'warning', 'info'];

/** What is asked of an audit. */
export interface FindingsQuery {
  entityRef?: string;
  owner?: string;
  codes?: string[];
  severities?: Severity[];
  limit: number;
  /** Where the page begins: behind so many findings of what has this name. */
  after?: Position;
}

/** A name in its order, and how many things of it are behind. */
export interface Position {
  name: string;
  skip: number;
}

/** Reads the parameters of a request, and refuses those that are not among the known ones. */
export function readQuery(
  { query }: Pick<Request, 'query'>,
  known: readonly string[],
): FindingsQuery {
  const names = [...known, 'limit', 'cursor'];
  const unknown = Object.keys(query).find(name => !names.includes(name));
  if (unknown !== undefined) {
    throw new InputError(
      `\`${unknown}\` is not a parameter, use one of ${names.join(', ')}`,
    );
  }
  return {
    entityRef: readRef(query, 'entityRef', 'component'),
    owner: readRef(query, 'owner', 'group'),
    codes: readList(query, 'code'),
    severities: readSeverities(query),
    limit: readLimit(query),
    after: readCursor(query),
  };
}

/** Where a next page begins, as a text that means nothing to others. */
export function writeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.name, position.skip])).toString(
    'base64url',
  );
}

type Query = Request['query'];

function readText(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value !== undefined && (typeof value !== 'string' || value === '')) {
    throw new InputError(`\`${name}\` has to be given once, and not empty`);
  }
  return value as string | undefined;
}

function readRef(
  query: Query,
  name: string,
  defaultKind: string,
): string | undefined {
  const text = readText(query, name);
  if (text === undefined) {
    return undefined;
  }
  try {
    return stringifyEntityRef(parseEntityRef(text, { defaultKind }));
  } catch {
    throw new InputError(`\`${name}\` is not an entity ref: \`${text}\``);
  }
}

function readList(query: Query, name: string): string[] | undefined {
  return readText(query, name)?.split(',');
}

function readSeverities(query: Query): Severity[] | undefined {
  const severities = readList(query, 'severity');
  const wrong = severities?.find(one => !SEVERITIES.includes(one));
  if (wrong !== undefined) {
    throw new InputError(
      `\`${wrong}\` is not a severity, use some of ${SEVERITIES.join(',')}`,
    );
  }
  return severities as Severity[] | undefined;
}

function readLimit(query: Query): number {
  const text = readText(query, 'limit');
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text);
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= MAX_LIMIT)) {
    throw new InputError(`\`limit\` has to be from 1 to ${MAX_LIMIT}`);
  }
  return limit;
}

function readCursor(query: Query): Position | undefined {
  const text = readText(query, 'cursor');
  if (text === undefined) {
    return undefined;
  }
  try {
    const [name, skip] = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (typeof name === 'string' && Number.isSafeInteger(skip) && skip >= 0) {
      return { name, skip };
    }
  } catch {
    // the asker made it up
  }
  throw new InputError('`cursor` is not one that a page before has given');
}
