import { createHash } from 'node:crypto';

import type { Diagnostic } from '../../types';
import { pathOf } from './report';

/**
 * Names findings such that a name stays the same while lines are added above it. Findings that differ
 * in nothing but their place are told apart by their order.
 */
export function fingerprints(): (finding: Diagnostic) => string {
  const seen = new Map<string, number>();
  return ({ code, file, pointer, message }) => {
    const what = JSON.stringify([code, pathOf(file), pointer ?? '', message]);
    const nth = (seen.get(what) ?? 0) + 1;
    seen.set(what, nth);
    return createHash('sha256').update(`${what}#${nth}`).digest('hex');
  };
}
