import { bytes } from './bytes';
import { call } from './load';
import type { FileMerge, FileVersions, MergeOptions } from './types';

/**
 * Merges one file three ways: lines, and the keys of YAML and JSON, so that changes beside each other
 * do not conflict and the result means what both sides meant.
 */
export function mergeFile(
  { base, ours, theirs }: FileVersions,
  options: MergeOptions,
): FileMerge {
  const content = (side: string | Uint8Array | undefined) =>
    side === undefined ? undefined : bytes(side);
  return call('mergeFile', ({ core }) =>
    JSON.parse(
      core.mergeFile(
        content(base),
        content(ours),
        content(theirs),
        JSON.stringify(options),
      ),
    ),
  );
}
