const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/**
 * How many minutes the clocks of some time zones are ahead of UTC at a time in RFC 3339. Zones that this
 * Node does not know are left out: what depends on them is then unknown.
 */
export function zoneOffsets(
  zones: string[],
  now: string,
): Record<string, number> {
  const time = Date.parse(now);
  if (Number.isNaN(time)) return {};
  const offsets: Record<string, number> = {};
  for (const zone of zones) {
    const format = formatOf(zone);
    if (format) offsets[zone] = offset(format, time);
  }
  return offsets;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) formats.set(zone, newFormat(zone));
  return formats.get(zone);
}

function newFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      timeZoneName: 'longOffset',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads `GMT+05:30`; `GMT` alone is UTC. */
function offset(format: Intl.DateTimeFormat, time: number): number {
  const name = format
    .formatToParts(time)
    .find(part => part.type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] =
    /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name ?? '') ?? [];
  if (!sign) return 0;
  const ahead = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -ahead : ahead;
}
