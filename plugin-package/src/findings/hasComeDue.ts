import type { CatalogOptions } from 'goldenpath';

const DAY = 24 * 60 * 60 * 1000;

/** Whether a rule has begun, or is due, between two times: then it judges otherwise than before. */
export function hasComeDue(
  { organisation = [] }: CatalogOptions,
  from: Date,
  to: Date,
): boolean {
  return organisation
    .flatMap(({ since, dueBy }) => [startOf(since), endOf(dueBy)])
    .some(time => from.getTime() < time && time <= to.getTime());
}

/** A day begins in Greenwich. */
function startOf(time: string | undefined): number {
  return time === undefined ? NaN : Date.parse(time);
}

function endOf(time: string | undefined): number {
  const isDay = time !== undefined && /^\d{4}-\d\d-\d\d$/.test(time);
  return startOf(time) + (isDay ? DAY : 0);
}
