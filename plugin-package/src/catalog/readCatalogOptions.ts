import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { CatalogOptions, GovernedTemplates } from 'goldenpath';

const WEIGHTS = ['error', 'warning', 'info', 'off'] as const;
const AFTERWARDS = ['fail', 'output'] as const;

/** Reads `goldenpath.catalog`. */
export function readCatalogOptions(
  rootConfig: Config,
): CatalogOptions & { parser: boolean } {
  const config = rootConfig.getOptionalConfig('goldenpath.catalog');
  return {
    parser: config?.getOptionalBoolean('parser') ?? true,
    unknownFields: config && readWord(config, 'unknownFields', WEIGHTS),
    governedTemplates: config
      ?.getOptionalConfigArray('governedTemplates')
      ?.map(readGovernedTemplates),
  };
}

function readGovernedTemplates(config: Config): GovernedTemplates {
  const types = config.getStringArray('types');
  if (types.length === 0) {
    throw new InputError(
      '`types` of `goldenpath.catalog.governedTemplates` is empty, use `*` for any',
    );
  }
  return {
    types,
    permission: config.getOptionalString('permission'),
    actions: config.getOptionalStringArray('actions'),
    onNeedsApproval: readWord(config, 'onNeedsApproval', AFTERWARDS),
  };
}

function readWord<T extends string>(
  config: Config,
  key: string,
  words: readonly T[],
): T | undefined {
  const text = config.getOptionalString(key);
  const word = words.find(known => known === text);
  if (text !== undefined && word === undefined) {
    throw new InputError(
      `\`${key}\` of \`goldenpath.catalog\` is \`${text}\`, use one of ${words.join(
        ', ',
      )}`,
    );
  }
  return word;
}
