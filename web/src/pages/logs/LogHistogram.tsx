// How many records there are over time, stacked by severity; dragging over it narrows the range.
import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { logHistogram, type LogQuery } from '@/api/logs';
import { tokenColors } from '@/charts/palette';
import { TimeChart } from '@/charts/TimeChart';
import { formatCount, formatShort, plural } from '@/format/quantity';
import { formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { histogramSeries } from './histogram-series';
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
