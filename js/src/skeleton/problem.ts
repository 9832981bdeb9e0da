import type { Diagnostic } from '../types';

const start = { line: 1, column: 1, offset: 0 };

/** An error about a whole entry of the skeleton. */
export function problem(
  file: string,
  code: string,
  message: string,
  why: string,
  help: string,
): Diagnostic {
  return {
    code: `template/${code}`,
    severity: 'error',
    message,
    why,
    help,
    file,
    start,
    end: start,
  };
}

/** The start of another entry, as an explanation. */
export function related(file: string, message: string) {
  return { file, start, end: start, message };
}
