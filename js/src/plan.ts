import { bytes } from './bytes';
import { withPrices } from './cost';
import { call } from './load';
import type { EnvironmentReport, PersonReport, SourceFile } from './types';

/**
 * The plan of a staging environment: which services run in it, from which images, until when and at what
 * price, with all files. The same values give the same plan.
 */
export function planEnvironment(
  values: SourceFile,
  prices?: SourceFile,
): EnvironmentReport {
  return call('planEnvironment', ({ core }) =>
    JSON.parse(core.planEnvironment(...withPrices(values, prices))),
  );
}

/**
 * What a person may use from now on and not any more, by their role and team: joining, moving and leaving
 * are one difference.
 */
export function planPerson(values: SourceFile): PersonReport {
  return call('planPerson', ({ core }) =>
    JSON.parse(core.planPerson(values.name, bytes(values.content))),
  );
}
