import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  type CatalogOptions,
  type Diagnostic,
  type JsonObject,
  type SourceFile,
  catalogOptions,
  entityYaml,
  formatDiagnostics,
  readSettings,
} from 'goldenpath';
import { errorsOf } from '../diagnostics';

/**
 * Reads `goldenpath.catalog`, and the files of kinds that it names. But for the parser it is what
 * `goldenpath.yaml` may say of the catalogue.
 */
export function readCatalogOptions(
  rootConfig: Config,
): CatalogOptions & { parser: boolean } {
  const config = rootConfig.getOptionalConfig('goldenpath.catalog');
  const { parser: _, ...catalog } = config?.get<JsonObject>() ?? {};
  const file = { name: 'goldenpath', content: entityYaml({ catalog }) };
  const { settings, diagnostics } = readSettings(file);
  if (!settings) throw unusable(diagnostics, [file]);
  const kinds = catalogOptions(settings.catalog);
  if (errorsOf(kinds.diagnostics).length > 0) {
    throw unusable(kinds.diagnostics, kinds.files);
  }
  return {
    ...kinds.options,
    parser: config?.getOptionalBoolean('parser') ?? true,
  };
}

function unusable(diagnostics: Diagnostic[], files: SourceFile[]): InputError {
  const found = formatDiagnostics(diagnostics, files);
  return new InputError(`\`goldenpath.catalog\` cannot be used\n${found}`);
}
