import { bytes } from './bytes';
import { call } from './load';
import type { SettingsReading, SourceFile } from './types';

/** Reads `goldenpath.yaml`: the settings, or all that is wrong with them. */
export function readSettings(file: SourceFile): SettingsReading {
  return call('readSettings', ({ core }) =>
    JSON.parse(core.readSettings(file.name, bytes(file.content))),
  );
}
