import type { Diagnostic } from '../../types';

/** What was found in one file. */
export interface FileFindings {
  file: string;
  diagnostics: Diagnostic[];
}

/** What a format makes a text of: every file that was looked at, in order. */
export interface Report {
  files: FileFindings[];
  /** One line: how much was looked at and what came of it. */
  summary: string;
}

/** The name of a file as reports write it: relative to where the program runs, with `/`. */
export function pathOf(file: string): string {
  return process.platform === 'win32' ? file.replaceAll('\\', '/') : file;
}

/** What is wrong, why, and what to do: a line each. */
export function linesOf({ message, why, help }: Diagnostic): string[] {
  const lines = [message];
  if (why !== undefined) lines.push(`why: ${why}`);
  if (help !== undefined) lines.push(`help: ${help}`);
  return lines;
}

/** All findings of all files. */
export function findingsOf({ files }: Report): Diagnostic[] {
  return files.flatMap(({ diagnostics }) => diagnostics);
}
