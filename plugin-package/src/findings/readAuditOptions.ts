import {
  type SchedulerServiceTaskScheduleDefinition,
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
} from '@backstage/backend-plugin-api';
import { type Config, ConfigReader } from '@backstage/config';

/** Looking for changes takes one pass over names and etags. */
const DEFAULTS = { frequency: { minutes: 5 }, timeout: { minutes: 15 } };

/** When the catalogue is audited, by `goldenpath.audit`. */
export function readAuditOptions(
  rootConfig: Config,
): SchedulerServiceTaskScheduleDefinition {
  const audit = rootConfig.getOptionalConfig('goldenpath.audit')?.get<object>();
  return readSchedulerServiceTaskScheduleDefinitionFromConfig(
    new ConfigReader({ ...DEFAULTS, ...audit }, 'goldenpath.audit'),
  );
}
