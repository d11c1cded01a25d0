// The histogram's answer as stacked bars, with a total for each severity.
import type { LogHistogram } from '@/api/logs';
import { type ChartSeries, LINE } from '@/charts/chart-series';
import { severityToken } from '@/charts/palette';
import { formatCount } from '@/format/quantity';

/** From the bottom of the stack up: what is quiet lies below what is loud. */
const ORDER = ['', 'trace', 'debug', 'info', 'warn', 'warning', 'error', 'critical', 'fatal'];

/** What needs no attention is drawn paler. */
const QUIET = new Set(['', 'trace', 'debug', 'info']);

export function histogramSeries(data: LogHistogram, colorOf: (token: string) => string) {
  const starts: number[] = [];
  const first = Math.floor(data.start_ms / data.interval_ms) * data.interval_ms;
  for (let start = first; start <= data.end_ms; start += data.interval_ms) starts.push(start);
  const byStart = new Map(data.buckets.map((bucket) => [bucket.start_ms, bucket.counts]));
  const severities = [
    ...new Set(data.buckets.flatMap((bucket) => Object.keys(bucket.counts))),
  ].sort((a, b) => ORDER.indexOf(a.toLowerCase()) - ORDER.indexOf(b.toLowerCase()));
  const series = severities.map((severity): ChartSeries => ({
    key: severity,
    name: severity === '' ? 'no severity' : severity,
    color: colorOf(severityToken(severity)),
    values: starts.map((start) => byStart.get(start)?.[severity] ?? null),
    style: {
      ...LINE,
      draw: 'bars',
      fill: QUIET.has(severity) ? 0.5 : 0.9,
      width: 0,
      stack: 'records',
    },
    format: formatCount,
  }));
  const totals = series
    .map(({ key, color, values }) => ({
      severity: key,
      color,
      total: values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    }))
    .reverse();
  return { times: starts.map((start) => start / 1000), series, totals };
}
