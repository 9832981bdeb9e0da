import { getSystemErrorMap } from 'node:util';

import { formatDiagnostics } from '../diagnostics';
import type { Diagnostic, SourceFile } from '../types';

/** How the program ends. */
export const exit = { ok: 0, findings: 1, unusable: 2 } as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** The command line or a file named in it cannot be used. */
export class Unusable extends Error {}

/** Turns a failed file operation into a line for the user. */
export function cannot(what: string, path: string, error: unknown): Unusable {
  return new Unusable(`cannot ${what} \`${path}\`: ${reason(error)}`);
}

/** Why a file operation failed, in the system's words. */
export function reason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  const known =
    errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known?.[1] ?? message;
}

export function print(text: string) {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(value: unknown) {
  print(JSON.stringify(value, null, 2));
}

/** Prints each diagnostic with the lines it is about. */
export function printDiagnostics(
  diagnostics: Diagnostic[],
  files: SourceFile[],
) {
  if (diagnostics.length === 0) return;
  print(formatDiagnostics(diagnostics, files, { colour: hasColour() }));
  print('');
}

/** `2 errors, 1 warning`, or `no problem`. */
export function tally(diagnostics: Diagnostic[]): string {
  const parts = (['error', 'warning'] as const).flatMap(severity => {
    const n = count(diagnostics, severity);
    return n > 0 ? plural(n, severity) : [];
  });
  return parts.join(', ') || 'no problem';
}

export function count(
  diagnostics: Diagnostic[],
  severity: Diagnostic['severity'],
): number {
  return diagnostics.filter(d => d.severity === severity).length;
}

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** See https://no-color.org. */
function hasColour(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
