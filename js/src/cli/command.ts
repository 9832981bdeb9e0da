import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';

import { type ExitCode, Unusable } from './terminal';

/** One command of the program. */
export interface Command {
  /** How it is called, without `goldenpath`. */
  usage: string;
  /** One line for the overview. */
  summary: string;
  /** The rest of its help. */
  help: string;
  run(args: string[]): Promise<ExitCode>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads the arguments of a command; what it does not know is an error. */
export function read<const T extends Options>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Unusable((error as Error).message.split('. ')[0]);
  }
}

/** The value of an option that must be one of a few words. */
export function oneOf<const T extends string>(
  option: string,
  words: readonly T[],
  value: string,
): T {
  const word = words.find(candidate => candidate === value);
  if (word === undefined) {
    throw new Unusable(
      `--${option} is one of ${words.join(', ')}, not \`${value}\``,
    );
  }
  return word;
}

/** Refuses arguments without an option, of a command that takes none. */
export function takesNone([first]: string[], help?: string) {
  if (first === undefined) return;
  const said = `unexpected argument \`${first}\``;
  throw new Unusable(help === undefined ? said : `${said}: ${help}`);
}

/** The value of an option that must be given. */
export function required<T>(option: string, value: T | undefined): T {
  if (value === undefined) throw new Unusable(`--${option} is missing`);
  return value;
}
