import { InputError } from '@backstage/errors';
import type { AuthzenQuestions } from 'goldenpath';

type Page = AuthzenQuestions['page'];

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** How many results a page has at most. */
export function limitOf(page: Page): number {
  return Math.min(page?.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
}

/**
 * One page of names in their order. It begins behind the last name of the page before,
 * so that nothing is skipped or told twice when there come to be others.
 */
export function pageOf(names: string[], page: Page) {
  const all = [...new Set(names)].sort();
  const last = page?.token ? readToken(page.token) : '';
  if (typeof last !== 'string') {
    throw badToken();
  }
  const rest = all.filter(name => name > last);
  const results = rest.slice(0, limitOf(page));
  const isLast = results.length === rest.length;
  return {
    results,
    page: {
      next_token: isLast ? '' : writeToken(results[results.length - 1]),
      count: results.length,
      total: all.length,
    },
  };
}

/** Where the next page begins, as a text that means nothing to others. */
export function writeToken(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** What {@link writeToken} has written. */
export function readToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw badToken();
  }
}

/** The asker made it up. */
export function badToken() {
  return new InputError('`page.token` is not one that a page before has given');
}
