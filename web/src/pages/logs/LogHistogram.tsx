// How many records there are over time, stacked by severity; dragging over it narrows the range.
import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { logHistogram, type LogHistogram as Histogram, type LogQuery } from '@/api/logs';
import { type ChartSeries, LINE } from '@/charts/chart-series';
import { severityToken, tokenColors } from '@/charts/palette';
import { TimeChart } from '@/charts/TimeChart';
import { formatCount, formatShort, plural } from '@/format/quantity';
import { formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import styles from './logs.module.css';
import { severityText } from './record-text';

interface LogHistogramProps {
  query: LogQuery;
  onSeverity: (severity: string) => void;
}

const AXES = { left: { format: formatShort } };

export function LogHistogram({ query, onSeverity }: LogHistogramProps) {
  const { zone, zoomTo, resetZoom } = useTime();
  const scheme = useComputedColorScheme('dark');
  const { data, isPlaceholderData, error } = useQuery({
    queryKey: ['logs', 'histogram', query],
    queryFn: ({ signal }) => logHistogram(query, signal),
  });
  const chart = useMemo(
    () => (data === undefined ? null : histogramSeries(data, tokenColors(scheme))),
    [data, scheme],
  );
  const stale = isPlaceholderData || error !== null;
  const range = { startMs: query.start_ms, endMs: query.end_ms };
  return (
    <section
      className={`${styles.histogram ?? ''} ${stale ? 'stale' : ''}`}
      aria-label="Records over time"
    >
      <div className={styles.histogramHead}>
        <strong>{data === undefined ? '…' : plural(data.total, 'record')}</strong>
        {data !== undefined && (
          <span className="faint">
            per {formatDuration(data.interval_ms)} · {formatDuration(data.took_ms)}
          </span>
        )}
        <span className={styles.severities}>
          {chart?.totals.map(({ severity, total, color }) => (
            <button
              key={severity}
              type="button"
              onClick={() => onSeverity(severity)}
              title={`Only ${severity}`}
            >
              <span className={styles.square} style={{ background: color }} />
              {severity === '' ? 'NONE' : severityText(severity)}{' '}
              <span className="faint">{formatCount(total)}</span>
            </button>
          ))}
        </span>
      </div>
      <div className={styles.histogramChart}>
        {chart !== null && (
          <TimeChart
            times={chart.times}
            series={chart.series}
            range={range}
            zone={zone}
            axes={AXES}
            onZoom={zoomTo}
            onReset={resetZoom}
          />
        )}
      </div>
    </section>
  );
}

/** From the bottom of the stack up: what is quiet lies below what is loud. */
const ORDER = ['', 'trace', 'debug', 'info', 'warn', 'warning', 'error', 'critical', 'fatal'];

/** What needs no attention is drawn paler. */
const QUIET = new Set(['', 'trace', 'debug', 'info']);

export function histogramSeries(data: Histogram, colorOf: (token: string) => string) {
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
