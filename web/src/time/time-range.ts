// Time ranges as people write them (`now-1h`, `now/d`, a date, milliseconds) and what they mean at a moment.

export type Zone = 'local' | 'utc';

/** A range as it stands in the address. */
export interface RawRange {
  from: string;
  to: string;
}

/** A range as queries use it: milliseconds since the epoch, both ends included. */
export interface ResolvedRange {
  startMs: number;
  endMs: number;
}

export const DEFAULT_RANGE: RawRange = { from: 'now-15m', to: 'now' };

export const QUICK_RANGES: readonly { label: string; range: RawRange }[] = [
  { label: 'Last 5 minutes', range: { from: 'now-5m', to: 'now' } },
  { label: 'Last 15 minutes', range: { from: 'now-15m', to: 'now' } },
  { label: 'Last 30 minutes', range: { from: 'now-30m', to: 'now' } },
  { label: 'Last 1 hour', range: { from: 'now-1h', to: 'now' } },
  { label: 'Last 3 hours', range: { from: 'now-3h', to: 'now' } },
  { label: 'Last 6 hours', range: { from: 'now-6h', to: 'now' } },
  { label: 'Last 12 hours', range: { from: 'now-12h', to: 'now' } },
  { label: 'Last 24 hours', range: { from: 'now-24h', to: 'now' } },
  { label: 'Last 2 days', range: { from: 'now-2d', to: 'now' } },
  { label: 'Last 7 days', range: { from: 'now-7d', to: 'now' } },
  { label: 'Last 30 days', range: { from: 'now-30d', to: 'now' } },
  { label: 'Today so far', range: { from: 'now/d', to: 'now' } },
  { label: 'Yesterday', range: { from: 'now-1d/d', to: 'now-1d/d' } },
  { label: 'This week so far', range: { from: 'now/w', to: 'now' } },
];

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** One end of a range that cannot be read, and why. */
export class TimeError extends Error {}

/** Reads one end of a range; `end` makes `/d` mean the last millisecond of the day. */
export function parseTime(text: string, nowMs: number, zone: Zone, end = false): number {
  const trimmed = text.trim();
  if (/^-?\d{10,}$/.test(trimmed)) {
    // Ten digits are seconds, as Prometheus links write them; more are milliseconds.
    return trimmed.length <= 10 ? Number(trimmed) * 1000 : Number(trimmed);
  }
  if (trimmed.startsWith('now')) return parseRelative(trimmed, nowMs, zone, end);
  return parseDate(trimmed, zone, end);
}

function parseRelative(text: string, nowMs: number, zone: Zone, end: boolean): number {
  let ms = nowMs;
  let rest = text.slice(3);
  while (rest !== '') {
    const step = /^([+-])(\d+)([smhdwMy])/.exec(rest);
    const round = /^\/([smhdwMy])/.exec(rest);
    if (step !== null) {
      const [all, sign, amount = '0', unit = 's'] = step;
      ms = shiftBy(ms, (sign === '-' ? -1 : 1) * Number(amount), unit, zone);
      rest = rest.slice(all.length);
    } else if (round !== null) {
      const [all, unit = 's'] = round;
      ms = end ? shiftBy(startOf(ms, unit, zone), 1, unit, zone) - 1 : startOf(ms, unit, zone);
      rest = rest.slice(all.length);
    } else {
      throw new TimeError(`“${rest}” is not understood: write now-1h, now-7d/d or a date`);
    }
  }
  return ms;
}

function parseDate(text: string, zone: Zone, end: boolean): number {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    );
  if (match === null) {
    throw new TimeError(`“${text}” is no time: write now-1h or 2026-01-31 18:30:00`);
  }
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match;
  const wholeDay = hour === undefined;
  const parts: [number, number, number, number, number, number, number] = [
    Number(year),
    Number(month) - 1,
    Number(day),
    wholeDay && end ? 23 : Number(hour ?? 0),
    wholeDay && end ? 59 : Number(minute ?? 0),
    wholeDay && end ? 59 : Number(second ?? 0),
    Number(fraction.padEnd(3, '0')),
  ];
  const utc = Date.UTC(...parts);
  const ms =
    offset !== undefined
      ? utc - offsetMs(offset)
      : zone === 'utc'
        ? utc
        : new Date(...parts).getTime();
  const back = new Date(utc);
  if (Number.isNaN(ms) || back.getUTCMonth() !== parts[1] || back.getUTCDate() !== parts[2]) {
    throw new TimeError(`“${text}” is not a day of the calendar`);
  }
  return ms;
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  const digits = offset.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

function shiftBy(ms: number, amount: number, unit: string, zone: Zone): number {
  const fixed = UNIT_MS[unit];
  if (fixed !== undefined && (unit !== 'd' || zone === 'utc') && (unit !== 'w' || zone === 'utc')) {
    return ms + amount * fixed;
  }
  // Days, weeks, months and years have no fixed length where clocks change.
  const date = new Date(ms);
  if (unit === 'd') date.setDate(date.getDate() + amount);
  else if (unit === 'w') date.setDate(date.getDate() + 7 * amount);
  else {
    const months = unit === 'y' ? 12 * amount : amount;
    if (zone === 'utc') date.setUTCMonth(date.getUTCMonth() + months);
    else date.setMonth(date.getMonth() + months);
  }
  return date.getTime();
}

function startOf(ms: number, unit: string, zone: Zone): number {
  if (unit === 's' || unit === 'm')
    return Math.floor(ms / (UNIT_MS[unit] ?? 1)) * (UNIT_MS[unit] ?? 1);
  const local = zone === 'local';
  const date = new Date(ms);
  const year = local ? date.getFullYear() : date.getUTCFullYear();
  const month = unit === 'y' ? 0 : local ? date.getMonth() : date.getUTCMonth();
  const dayOfMonth = local ? date.getDate() : date.getUTCDate();
  const weekday = ((local ? date.getDay() : date.getUTCDay()) + 6) % 7;
  const day = unit === 'y' || unit === 'M' ? 1 : unit === 'w' ? dayOfMonth - weekday : dayOfMonth;
  const hour = unit === 'h' ? (local ? date.getHours() : date.getUTCHours()) : 0;
  return local ? new Date(year, month, day, hour).getTime() : Date.UTC(year, month, day, hour);
}

/** What a range means at `nowMs`. A range that cannot be read, or ends before it starts, is an error. */
export function resolveRange(range: RawRange, nowMs: number, zone: Zone): ResolvedRange {
  const startMs = parseTime(range.from, nowMs, zone);
  const endMs = parseTime(range.to, nowMs, zone, true);
  if (endMs <= startMs) throw new TimeError('the range ends before it starts');
  return { startMs, endMs };
}

export function absoluteRange(startMs: number, endMs: number): RawRange {
  return { from: String(Math.round(startMs)), to: String(Math.round(endMs)) };
}

export function isRelative(range: RawRange): boolean {
  return range.from.startsWith('now') && range.to.startsWith('now');
}

/** The range of the same length one half before (-1) or after (1); never beyond now. */
export function shiftRange(resolved: ResolvedRange, direction: -1 | 1, nowMs: number): RawRange {
  const length = resolved.endMs - resolved.startMs;
  const endMs = Math.min(
    resolved.endMs + (direction * length) / 2,
    Math.max(nowMs, resolved.endMs),
  );
  return absoluteRange(endMs - length, endMs);
}

/** Twice the range around the same middle; a range that ends now stays at its end. */
export function zoomOutRange(range: RawRange, resolved: ResolvedRange, nowMs: number): RawRange {
  const length = resolved.endMs - resolved.startMs;
  const simple = /^now-(\d+)([smhdw])$/.exec(range.from);
  if (simple !== null && range.to === 'now') {
    return { from: `now-${2 * Number(simple[1])}${simple[2] ?? 's'}`, to: 'now' };
  }
  const endMs = Math.min(resolved.endMs + length / 2, Math.max(nowMs, resolved.endMs));
  return absoluteRange(endMs - 2 * length, endMs);
}
