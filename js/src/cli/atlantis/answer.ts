import type { CheckResult, Decision, Explanation } from '../../types';

/** Yes or no, and why. */
export interface Answer {
  authorized: boolean;
  /** One sentence each. */
  reasons: string[];
  help?: string;
  /** What the policy says, as the engine gives it. */
  decision?: Decision;
  check?: CheckResult;
}

export const refused = (reason: string, help?: string): Answer => ({
  authorized: false,
  reasons: [reason],
  ...(help !== undefined && { help }),
});

/** The rules that decided, or the one that nearly did. */
export function because(
  { reasons }: Decision,
  explain: () => Explanation,
): string[] {
  if (reasons.length > 0) {
    return reasons.map(
      ({ rule, message, at }) =>
        `${rule} (${at.file}:${at.start.line}): ${message}`,
    );
  }
  const miss = explain().nearestMiss;
  return miss
    ? [`no rule allows it; nearest: ${miss.rule}, ${miss.missing.join(', ')}`]
    : ['no rule allows it'];
}

/** What is in the way of each approval that there is not yet. */
export function approvalsLacking({ approvals }: CheckResult): string[] {
  return approvals
    .filter(({ state }) => state !== 'approved')
    .map(({ id, state, stages }) => {
      const lacking = stages
        .filter(({ missing }) => missing > 0)
        .map(
          ({ missing, from, candidates }) =>
            `${missing} of ${from.join(' or ')} (${
              candidates.join(', ') || 'nobody can'
            })`,
        );
      return [`approval ${id} is ${state}`, lacking.join(' and ')]
        .filter(Boolean)
        .join(', it needs ');
    });
}

/**
 * What Atlantis reads: the last line decides. A reason is one line behind a dash, whatever is in it, so
 * that nobody's name or text can be the last word.
 */
export function textOf({ authorized, reasons, help }: Answer): string {
  const lines = reasons.map(reason => `- ${oneLine(reason)}`);
  if (help !== undefined) lines.push(`help: ${oneLine(help)}`);
  return [...lines, authorized ? 'pass' : 'refused'].join('\n');
}

/** Without control characters, line breaks and what turns the direction of writing. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
