import { bytes } from './bytes';
import { call } from './load';
import type { CostReport, SourceFile } from './types';

/**
 * What the resources that a file lists cost, at the prices of a sheet in OpenCost's format; without one
 * at OpenCost's own. What has no price is an error, never free.
 */
export function estimateCost(
  resources: SourceFile,
  prices?: SourceFile,
): CostReport {
  return call('cost', ({ core }) =>
    JSON.parse(core.cost(...withPrices(resources, prices))),
  );
}

/** Values and the prices for them, as the core takes them. */
export function withPrices(values: SourceFile, prices?: SourceFile) {
  return [
    values.name,
    bytes(values.content),
    prices?.name ?? '',
    prices && bytes(prices.content),
  ] as const;
}
