import type { Command } from '../command';
import { templateLint } from './lint';
import { templateLock } from './lock';
import { templateTest } from './test';

/** The commands about templates, by their names. */
export const templateCommands: Record<string, Command> = {
  'template lint': templateLint,
  'template lock': templateLock,
  'template test': templateTest,
};
