// Times and durations as text: always the same width, always the 24-hour clock.
import type { RawRange, ResolvedRange, Zone } from './time-range';
import { isRelative, QUICK_RANGES } from './time-range';

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function partsOf(epochMs: number, zone: Zone): Parts {
  const date = new Date(epochMs);
  const utc = zone === 'utc';
  return {
    year: utc ? date.getUTCFullYear() : date.getFullYear(),
    month: utc ? date.getUTCMonth() : date.getMonth(),
    day: utc ? date.getUTCDate() : date.getDate(),
    hour: utc ? date.getUTCHours() : date.getHours(),
    minute: utc ? date.getUTCMinutes() : date.getMinutes(),
    second: utc ? date.getUTCSeconds() : date.getSeconds(),
    ms: date.getUTCMilliseconds(),
  };
}

const two = (value: number) => String(value).padStart(2, '0');
const three = (value: number) => String(value).padStart(3, '0');

/** `2026-01-31 18:30:00` */
export function formatDateTime(epochMs: number, zone: Zone): string {
  const part = partsOf(epochMs, zone);
  return `${formatDay(epochMs, zone)} ${two(part.hour)}:${two(part.minute)}:${two(part.second)}`;
}

/** `2026-01-31` */
export function formatDay(epochMs: number, zone: Zone): string {
  const part = partsOf(epochMs, zone);
  return `${part.year}-${two(part.month + 1)}-${two(part.day)}`;
}

/** `18:30:00` or `18:30:00.123` */
export function formatClock(epochMs: number, zone: Zone, withMs = false): string {
  const part = partsOf(epochMs, zone);
  const clock = `${two(part.hour)}:${two(part.minute)}:${two(part.second)}`;
  return withMs ? `${clock}.${three(part.ms)}` : clock;
}

/** `31 Jan 18:30:00.123`, the width of a column of a log. */
export function formatLogTime(epochMs: number, zone: Zone): string {
  const part = partsOf(epochMs, zone);
  return `${two(part.day)} ${MONTHS[part.month] ?? ''} ${formatClock(epochMs, zone, true)}`;
}

/** A moment with all digits its nanoseconds have: `2026-01-31 18:30:00.123456789`. */
export function formatNanoseconds(timeNs: string, zone: Zone): string {
  const digits = timeNs.padStart(10, '0');
  const fraction = digits.slice(-9).replace(/(000){1,2}$/, '');
  return `${formatDateTime(millisecondsOf(timeNs), zone)}.${fraction}`;
}

/** Nanoseconds are decimal strings because a JavaScript number cannot hold them. */
export function millisecondsOf(timeNs: string): number {
  return Number(timeNs.slice(0, -6) || '0');
}

const DURATION_STEPS: readonly [number, string, number, string][] = [
  [86_400_000, 'd', 3_600_000, 'h'],
  [3_600_000, 'h', 60_000, 'm'],
  [60_000, 'm', 1000, 's'],
];

/** `1.24 s`, `320 µs`, `2 h 5 m`: three significant digits, or two units. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 0.001) return `${digits3(ms * 1e6)} ns`;
  if (size < 1) return `${digits3(ms * 1000)} µs`;
  if (size < 1000) return `${digits3(ms)} ms`;
  if (size < 60_000) return `${digits3(ms / 1000)} s`;
  for (const [unit, name, lesser, lesserName] of DURATION_STEPS) {
    if (size < unit) continue;
    const whole = Math.trunc(ms / unit);
    const rest = Math.floor((size % unit) / lesser);
    return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${lesserName}`;
  }
  return `${digits3(ms / 1000)} s`;
}

function digits3(value: number): string {
  const size = Math.abs(value);
  return String(Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)));
}

/** `just now`, `3 min ago`, `in 2 h` */
export function formatAgo(epochMs: number, nowMs: number): string {
  const ms = nowMs - epochMs;
  const size = Math.abs(ms);
  if (size < 2000) return 'just now';
  const text =
    size < 60_000
      ? `${Math.round(size / 1000)} s`
      : size < 3_600_000
        ? `${Math.round(size / 60_000)} min`
        : size < 172_800_000
          ? `${Math.round(size / 3_600_000)} h`
          : `${Math.round(size / 86_400_000)} d`;
  return ms > 0 ? `${text} ago` : `in ${text}`;
}

/** What the range picker's button says. */
export function describeRange(range: RawRange, resolved: ResolvedRange, zone: Zone): string {
  const known = QUICK_RANGES.find(
    (quick) => quick.range.from === range.from && quick.range.to === range.to,
  );
  if (known !== undefined) return known.label;
  const simple = /^now-(\d+)([smhdw])$/.exec(range.from);
  if (simple !== null && range.to === 'now') return `Last ${simple[1] ?? ''} ${unitName(simple)}`;
  if (isRelative(range)) return `${range.from} → ${range.to}`;
  const sameDay = formatDay(resolved.startMs, zone) === formatDay(resolved.endMs, zone);
  const end = sameDay ? formatClock(resolved.endMs, zone) : formatDateTime(resolved.endMs, zone);
  return `${formatDateTime(resolved.startMs, zone)} → ${end}`;
}

function unitName(match: RegExpExecArray): string {
  const names: Record<string, string> = {
    s: 'second',
    m: 'minute',
    h: 'hour',
    d: 'day',
    w: 'week',
  };
  const name = names[match[2] ?? ''] ?? '';
  return match[1] === '1' ? name : `${name}s`;
}

/** The zone's name for a tooltip: `UTC` or the browser's own. */
export function zoneName(zone: Zone): string {
  return zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
