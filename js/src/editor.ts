import { call } from './load';
import type { CatalogOptions, EditorSchema } from './types';

/**
 * A JSON Schema (draft-07) of catalogue files for editors, with what the options ask for; of one kind, or of
 * all.
 */
export function editorSchema(
  options: CatalogOptions = {},
  kind?: string,
): EditorSchema {
  return call('editorSchema', ({ core }) =>
    JSON.parse(core.editorSchema(JSON.stringify(options), kind)),
  );
}
