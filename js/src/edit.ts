import { call } from './load';
import type { Edit, Edited } from './types';

/**
 * Changes shared files — YAML, JSON, Terraform, CODEOWNERS — keeping all else in them as it is: all
 * edits, or none. An edit that is already done changes nothing.
 */
export function editFiles(
  files: Record<string, string>,
  edits: Edit[],
): Edited {
  return call('editFiles', ({ core }) =>
    JSON.parse(core.editFiles(JSON.stringify({ files, edits }))),
  );
}
