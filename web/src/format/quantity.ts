// Numbers as people read them: SI and binary prefixes, three significant digits, no exponent where avoidable.

export type Unit =
  'short' | 'bytes' | 'bytes/s' | 'percent' | 'ratio' | 's' | 'ms' | 'ops' | 'none';

const SI: readonly [number, string][] = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];
const IEC: readonly [number, string][] = [
  [2 ** 50, 'Pi'],
  [2 ** 40, 'Ti'],
  [2 ** 30, 'Gi'],
  [2 ** 20, 'Mi'],
  [2 ** 10, 'Ki'],
];

/** Writes a value with about `digits` significant digits; axes ask for more where ticks lie close. */
export type ValueFormat = (value: number, digits?: number) => string;

/** Three significant digits without trailing zeros; very small numbers keep an exponent. */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001 || size >= 1e15) {
    return value.toExponential(digits - 1).replace(/\.?0+e/, 'e');
  }
  const whole = Math.floor(Math.log10(size)) + 1;
  return String(Number(value.toFixed(Math.min(12, Math.max(0, digits - whole)))));
}

type Steps = readonly [number, string][];

function scaled(value: number, steps: Steps, between: string, digits?: number): string {
  const size = Math.abs(value);
  for (const [factor, prefix] of steps) {
    if (size >= factor * 0.9995)
      return `${formatNumber(value / factor, digits)}${between}${prefix}`;
  }
  return `${formatNumber(value, digits)}${between}`;
}

/** `12.4k` */
export const formatShort: ValueFormat = (value, digits) =>
  Number.isFinite(value) ? scaled(value, SI, '', digits) : formatNumber(value);

/** `3.4 GiB` */
export const formatBytes: ValueFormat = (value, digits) =>
  Number.isFinite(value) ? `${scaled(value, IEC, ' ', digits)}B` : formatNumber(value);

/** `0.42 %` from 0.0042 */
export const formatRatio: ValueFormat = (value, digits) =>
  Number.isFinite(value) ? `${formatNumber(value * 100, digits)} %` : formatNumber(value);

/** A part of a whole, rough: `42 %`, `4.2 %`, `<0.1 %` */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  return `${percent >= 10 ? Math.round(percent) : Math.round(percent * 10) / 10} %`;
}

const SECONDS: readonly [number, number, string][] = [
  [172_800, 86_400, 'd'],
  [7200, 3600, 'h'],
  [120, 60, 'min'],
  [1, 1, 's'],
  [1e-3, 1e-3, 'ms'],
  [1e-6, 1e-6, 'µs'],
  [0, 1e-9, 'ns'],
];

/** `320 µs`, `1.24 s`, `2.5 h` from seconds. */
export const formatSeconds: ValueFormat = (seconds, digits) => {
  if (!Number.isFinite(seconds)) return formatNumber(seconds);
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  const [, factor, name] = SECONDS.find(([from]) => size >= from * 0.9995) ?? [0, 1, 's'];
  return `${formatNumber(seconds / factor, digits)} ${name}`;
};

const FORMATS: Readonly<Record<Unit, ValueFormat>> = {
  none: formatNumber,
  short: formatShort,
  bytes: formatBytes,
  'bytes/s': (value, digits) => `${formatBytes(value, digits)}/s`,
  percent: (value, digits) => `${formatNumber(value, digits)} %`,
  ratio: formatRatio,
  s: formatSeconds,
  ms: (value, digits) => formatSeconds(value / 1000, digits),
  ops: (value, digits) => `${formatShort(value, digits)}/s`,
};

export function unitFormat(unit: Unit): ValueFormat {
  return FORMATS[unit];
}

export function formatUnit(value: number | null | undefined, unit: Unit): string {
  return value == null ? '–' : FORMATS[unit](value);
}

const COUNTS = new Intl.NumberFormat('en-GB');

/** Every digit, grouped: `1,234,567`. */
export function formatCount(value: number): string {
  return COUNTS.format(value);
}

/** `1 trace`, `2 traces` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The unit a PromQL expression's values most likely have, from the names of its metrics. */
export function guessUnit(expression: string): Unit {
  if (/\b(count|count_values|group|absent)\s*(by|without)?\s*\(/.test(expression)) return 'short';
  const average = /_sum\b[^]*\/[^]*_count\b/.test(expression);
  // A quotient of two metrics has neither one's unit, unless it is a sum over a count.
  if (expression.includes('/') && !average) return 'short';
  const rate = /\b(rate|irate)\s*\(/.test(expression) && !average;
  if (/_bytes(_total|_sum)?\b/.test(expression)) return rate ? 'bytes/s' : 'bytes';
  if (/histogram_quantile\s*\(/.test(expression) && expression.includes('_seconds_bucket'))
    return 's';
  if (/_seconds(_sum|_total)?\b/.test(expression)) {
    return rate || /\b(increase|delta|deriv)\s*\(/.test(expression) ? 'short' : 's';
  }
  return /[_:]ratio(\d|_|\b)/.test(expression) ? 'ratio' : 'short';
}
