// How long the disk lasts at the rate it fills.

const DAY_S = 86_400;
/** Beyond this nobody plans, and the rate measured over hours says nothing. */
const MAX_DAYS = 3650;

/** Days until the disk is full, or null when it is not filling. */
export function runwayDays(availableBytes: number, bytesPerSecond: number | null): number | null {
  if (bytesPerSecond === null || bytesPerSecond <= 0) return null;
  const days = availableBytes / bytesPerSecond / DAY_S;
  return days > MAX_DAYS ? null : days;
}

export function describeRunway(days: number | null): string {
  if (days === null) return 'not filling';
  if (days < 1) return `full in ${Math.max(1, Math.round(days * 24))} h`;
  return `full in ${days < 10 ? days.toFixed(1) : Math.round(days)} days`;
}
