import { dirname } from 'node:path';

import { hasErrors } from '../diagnostics';
import { catalogOptions } from '../kinds';
import type {
  CatalogOptions,
  CatalogSettings,
  Diagnostic,
  SourceFile,
} from '../types';
import { Unusable, cannot } from './terminal';

/** How the help of a command says what `model` is. */
export const modelOption = `  --model FILE                     The kinds of your Backstage, as \`goldenpath model pull\` writes them.
                                   Default: what the configuration says, or the built-in kinds`;

/** The options of a check that the configuration means, with the kinds in the files that it names. */
export function optionsFrom(
  { model, ...catalog }: CatalogSettings = {},
  /** From which folder, and the `--model`, which is from the current one. */
  from: { config?: string; model?: string },
  refuse: (diagnostics: Diagnostic[], files: SourceFile[]) => void,
): CatalogOptions {
  const folder = dirname(from.config ?? '.');
  const read = (settings: CatalogSettings, where: string) => {
    try {
      return catalogOptions(settings, where);
    } catch (error) {
      throw unreadable(error as Error);
    }
  };
  const configured = read(
    from.model === undefined ? { ...catalog, model } : catalog,
    folder,
  );
  const named = read({ model: from.model }, '.');
  const diagnostics = [...configured.diagnostics, ...named.diagnostics];
  if (hasErrors(diagnostics)) {
    refuse(diagnostics, [...configured.files, ...named.files]);
    throw new Unusable('the kinds cannot be used');
  }
  return { ...configured.options, ...named.options };
}

function unreadable(error: NodeJS.ErrnoException): Unusable {
  return error.path === undefined
    ? new Unusable(`the kinds cannot be read: ${error.message}`)
    : cannot('read', error.path, error);
}
