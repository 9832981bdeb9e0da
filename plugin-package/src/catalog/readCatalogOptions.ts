import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  type CatalogOptions,
  type JsonObject,
  entityYaml,
  formatDiagnostics,
  readSettings,
} from 'goldenpath';

/** Reads `goldenpath.catalog`. But for the parser it is what `goldenpath.yaml` may say of the catalogue. */
export function readCatalogOptions(
  rootConfig: Config,
): CatalogOptions & { parser: boolean } {
  const config = rootConfig.getOptionalConfig('goldenpath.catalog');
  const { parser: _, ...catalog } = config?.get<JsonObject>() ?? {};
  const file = { name: 'goldenpath', content: entityYaml({ catalog }) };
  const { settings, diagnostics } = readSettings(file);
  if (!settings) {
    throw new InputError(
      `\`goldenpath.catalog\` cannot be used\n${formatDiagnostics(diagnostics, [
        file,
      ])}`,
    );
  }
  return {
    ...settings.catalog,
    parser: config?.getOptionalBoolean('parser') ?? true,
  };
}
