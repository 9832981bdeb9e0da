import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { CatalogOptions } from 'goldenpath';

const WEIGHTS = ['error', 'warning', 'info', 'off'] as const;

/** Reads `goldenpath.catalog`. */
export function readCatalogOptions(
  rootConfig: Config,
): CatalogOptions & { parser: boolean } {
  const config = rootConfig.getOptionalConfig('goldenpath.catalog');
  return {
    parser: config?.getOptionalBoolean('parser') ?? true,
    unknownFields: readWeight(config?.getOptionalString('unknownFields')),
  };
}

function readWeight(text: string | undefined): CatalogOptions['unknownFields'] {
  const weight = WEIGHTS.find(known => known === text);
  if (text !== undefined && weight === undefined) {
    throw new InputError(
      `\`goldenpath.catalog.unknownFields\` is \`${text}\`, use one of ${WEIGHTS.join(
        ', ',
      )}`,
    );
  }
  return weight;
}
