import { bytes } from './bytes';
import { call } from './load';
import type { EnvironmentReport, SourceFile } from './types';

/**
 * The plan of a staging environment: which services run in it, from which images, until when and at what
 * price, with all files. The same values give the same plan.
 */
export function planEnvironment(
  values: SourceFile,
  prices?: SourceFile,
): EnvironmentReport {
  return call('planEnvironment', ({ core }) =>
    JSON.parse(
      core.planEnvironment(
        values.name,
        bytes(values.content),
        prices?.name ?? '',
        prices && bytes(prices.content),
      ),
    ),
  );
}
