import type { Command } from '../command';
import { policyCheck } from './check';
import { policyDecide } from './decide';
import { policyDiff } from './diff';
import { policyExport, policyImportRhdh } from './exchange';
import { policyLint } from './lint';
import { policyLock } from './lock';
import { policyExplain, policyWhatCan, policyWhoCan } from './questions';
import { policyTest } from './test';

/** The commands about policies, by their names. */
export const policyCommands: Record<string, Command> = {
  'policy check': policyCheck,
  'policy test': policyTest,
  'policy lint': policyLint,
  'policy lock': policyLock,
  'policy decide': policyDecide,
  'policy explain': policyExplain,
  'policy who-can': policyWhoCan,
  'policy what-can': policyWhatCan,
  'policy diff': policyDiff,
  'policy import-rhdh': policyImportRhdh,
  'policy export': policyExport,
};
