// The step of a panel's queries and the windows written into them: `$__interval`, `$__rate_interval`, `$__range`.
import type { ResolvedRange } from '@/time/time-range';
import { type Scope, scoped, type ScopedValue } from './variables/interpolate';

/** Scrapes come about this often unless a panel says otherwise; Grafana assumes the same. */
export const SCRAPE_INTERVAL_MS = 15_000;
/** Prometheus refuses more points in one series. */
const MAX_POINTS = 11_000;

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `1m30s` and, as panels have it, `>1m`, in milliseconds; null when it is no duration. */
export function parseInterval(text: string): number | null {
  const body = text.trim().replace(/^>\s*/, '');
  if (!/^(\d+(\.\d+)?(ms|[smhdwy]))+$/.test(body)) return null;
  let sum = 0;
  for (const [, amount, , unit] of body.matchAll(/(\d+(\.\d+)?)(ms|[smhdwy])/g)) {
    sum += Number(amount) * (UNITS_MS[unit ?? 'ms'] ?? 1);
  }
  return sum;
}

/** The readable widths Grafana rounds to: each with the largest exact width that becomes it. */
const ROUND: readonly [number, number][] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1500, 1000],
  [3500, 2000],
  [7500, 5000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
  [9_000_000, 7_200_000],
  [16_200_000, 10_800_000],
  [32_400_000, 21_600_000],
  [86_400_000, 43_200_000],
  [604_800_000, 86_400_000],
  [1_814_400_000, 604_800_000],
  [3_628_800_000, 2_592_000_000],
];

export function roundInterval(ms: number): number {
  return ROUND.find(([below]) => ms < below)?.[1] ?? 31_536_000_000;
}

/** The longest unit that divides a width: `90s`, `2m`, `1d`. */
export function formatInterval(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = UNITS_MS[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${Math.max(1, Math.round(ms))}ms`;
}

export interface StepQuestion {
  range: ResolvedRange;
  maxDataPoints: number;
  /** Of the panel and of the query, as durations; empty when not set. */
  panelInterval: string;
  targetInterval: string;
  intervalFactor: number;
}

export interface Steps {
  stepMs: number;
  rateIntervalMs: number;
}

/** The step of a query as Grafana's Prometheus data source chooses it. */
export function stepsFor({
  range,
  maxDataPoints,
  panelInterval,
  targetInterval,
  intervalFactor,
}: StepQuestion): Steps {
  const length = range.endMs - range.startMs;
  const least = parseInterval(panelInterval) ?? SCRAPE_INTERVAL_MS;
  const intervalMs = Math.max(roundInterval(length / Math.max(1, maxDataPoints)), least);
  const minStep = parseInterval(targetInterval);
  const exact = Math.max(intervalMs, minStep ?? 0) * intervalFactor;
  const stepMs = Math.max(exact, Math.ceil(length / MAX_POINTS / 1000) * 1000, 1000);
  const scrape = minStep ?? parseInterval(panelInterval) ?? SCRAPE_INTERVAL_MS;
  return { stepMs, rateIntervalMs: Math.max(stepMs + scrape, 4 * scrape) };
}

/** The names a query may use for the range and its steps. */
export function intervalScope(steps: Steps, range: ResolvedRange): Scope {
  const length = range.endMs - range.startMs;
  const rangeSeconds = Math.round(length / 1000);
  const duration = scoped(formatInterval(steps.rateIntervalMs));
  return new Map<string, ScopedValue>([
    ['__interval', scoped(formatInterval(steps.stepMs))],
    ['__interval_ms', scoped(String(steps.stepMs))],
    ['__rate_interval', duration],
    ['__rate_interval_ms', scoped(String(steps.rateIntervalMs))],
    ['__auto', duration],
    ['__range', scoped(`${rangeSeconds}s`)],
    ['__range_s', scoped(String(rangeSeconds))],
    ['__range_ms', scoped(String(length))],
  ]);
}
