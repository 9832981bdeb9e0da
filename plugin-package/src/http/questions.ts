import { InputError, toError } from '@backstage/errors';
import { InternalError } from 'goldenpath';

export const MAX_BODY = '4mb';
export const MAX_REQUESTS = 1000;

/** Rejects lists that are too long. */
export function assertFewEnough(requests: unknown[]) {
  if (requests.length > MAX_REQUESTS) {
    throw new InputError(
      `a list has at most ${MAX_REQUESTS} requests, this one has ${requests.length}`,
    );
  }
}

/** What the core refuses is the asker's mistake, unless it is a defect of the core. */
export function ask<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    if (error instanceof InternalError) {
      throw error;
    }
    throw new InputError(toError(error).message);
  }
}
