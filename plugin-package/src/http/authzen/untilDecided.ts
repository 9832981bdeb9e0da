import type { AuthzenQuestions } from 'goldenpath';

/** The answers up to the one that decides, which is the last if all are wanted. */
export function untilDecided<T extends { decision: boolean }>(
  semantic: AuthzenQuestions['semantic'],
  answers: T[],
): T[] {
  if (semantic === 'execute_all') {
    return answers;
  }
  const deciding = semantic === 'permit_on_first_permit';
  const last = answers.findIndex(({ decision }) => decision === deciding);
  return last < 0 ? answers : answers.slice(0, last + 1);
}
