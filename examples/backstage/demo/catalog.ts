import { setTimeout as sleep } from 'node:timers/promises';
import type { PortalUser } from './portal.ts';

/** A document that Backstage did not take into the catalogue, and why. */
export interface Rejection {
  /** Where its text is; the file as a whole if it could not be read. */
  location: string;
  errors: string[];
}

interface Unprocessed {
  unprocessed_entity: { metadata: { annotations?: Record<string, string> } };
  /** Not a list before the first attempt. */
  errors: Array<{ message: string }> | string | null;
}

/** Registers catalogue files, as the page "Register existing component" does. */
export async function registerLocations(
  user: PortalUser,
  targets: string[],
): Promise<void> {
  for (const target of targets) {
    await user.post('/api/catalog/locations', { type: 'url', target });
  }
}

/** What Backstage has refused of the files at `targets`, as its API for unprocessed entities tells. */
export async function readRejections(
  user: PortalUser,
  targets: string[],
): Promise<Rejection[]> {
  const { entities } = await user.get(
    '/api/catalog/entities/unprocessed/pending',
  );
  return (entities as Unprocessed[])
    .map(({ unprocessed_entity: { metadata }, errors }) => ({
      location: asBlob(
        metadata.annotations?.['backstage.io/managed-by-location'] ?? '',
      ),
      errors: Array.isArray(errors) ? errors.map(({ message }) => message) : [],
    }))
    .filter(
      ({ location, errors }) => targets.includes(location) && errors.length > 0,
    );
}

/** Backstage's URL reader asks GitHub for `/tree/` and says so in places. */
export function asBlob(text: string): string {
  return text.replace(/^url:/, '').replaceAll('/tree/', '/blob/');
}

/** Waits until each file has been refused, and until nothing has been added to that for a while. */
export async function waitForRejections(
  user: PortalUser,
  targets: string[],
  timeoutSeconds = 60,
): Promise<Rejection[]> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  let last = '';
  let calm = 0;
  for (;;) {
    const rejections = await readRejections(user, targets);
    const now = JSON.stringify(rejections);
    calm = now === last ? calm + 1 : 0;
    last = now;
    const refused = new Set(rejections.map(({ location }) => location));
    if (
      (refused.size === targets.length && calm >= 3) ||
      Date.now() > deadline
    ) {
      return rejections;
    }
    await sleep(750);
  }
}
