// The tooltip of a time chart: the moment, and the series there by value, twenty at most.
import { createPortal } from 'react-dom';
import { formatNumber, type ValueFormat } from '@/format/quantity';
import { formatDateTime } from '@/time/format-time';
import type { Zone } from '@/time/time-range';
import type { ChartSeries } from './chart-series';
import { type HoverStore, useHover } from './hover';
import type { ChartExemplar } from './plot-hooks';
import styles from './chart.module.css';

const MAX_ROWS = 20;

export interface TooltipOptions {
  mode: 'all' | 'single' | 'none';
  sort: 'descending' | 'ascending' | 'none';
}

interface ChartTooltipProps {
  store: HoverStore;
  times: readonly number[];
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  format: (series: ChartSeries) => ValueFormat;
  options: TooltipOptions;
  zone: Zone;
  exemplars: readonly ChartExemplar[];
}

export function ChartTooltip(props: ChartTooltipProps) {
  const hover = useHover(props.store);
  if (hover === null) return null;
  const exemplar = hover.exemplar === null ? undefined : props.exemplars[hover.exemplar];
  const time = props.times[hover.index];
  if (time === undefined || (props.options.mode === 'none' && exemplar === undefined)) return null;
  const flip = hover.left > window.innerWidth - 340;
  const raise = hover.top > window.innerHeight - 260;
  return createPortal(
    <div
      className={styles.tooltip}
      role="tooltip"
      style={{
        left: hover.left + (flip ? -14 : 14),
        top: hover.top + (raise ? -10 : 10),
        transform: `translate(${flip ? '-100%' : '0'}, ${raise ? '-100%' : '0'})`,
      }}
    >
      {exemplar !== undefined ? (
        <ExemplarRows exemplar={exemplar} zone={props.zone} format={formatOfLeft(props)} />
      ) : (
        <SeriesRows {...props} index={hover.index} nearest={hover.nearest} timeMs={time * 1000} />
      )}
    </div>,
    document.body,
  );
}

interface SeriesRowsProps extends ChartTooltipProps {
  index: number;
  nearest: number | null;
  timeMs: number;
}

function SeriesRows({
  series,
  hidden,
  index,
  nearest,
  timeMs,
  zone,
  format,
  options,
}: SeriesRowsProps) {
  const near = nearest === null ? undefined : series[nearest];
  const rows = series
    .filter((entry) => !hidden.has(entry.key) && entry.hideFrom?.tooltip !== true)
    .filter((entry) => options.mode === 'all' || entry === near)
    .flatMap((entry) => {
      const value = (entry.shown ?? entry.values)[index];
      return value == null ? [] : [{ entry, value }];
    });
  if (options.sort !== 'none') {
    const sign = options.sort === 'descending' ? -1 : 1;
    rows.sort((a, b) => sign * (a.value - b.value));
  }
  const shown = rows.slice(0, MAX_ROWS);
  return (
    <>
      <div className={styles.tooltipTime}>{formatDateTime(timeMs, zone)}</div>
      {shown.length === 0 && <div className="faint">no value here</div>}
      {shown.map(({ entry, value }) => (
        <div key={entry.key} className={styles.tooltipRow} data-near={entry === near || undefined}>
          <span className={styles.swatch} style={{ background: entry.color }} />
          <span className={`${styles.tooltipName ?? ''} truncate`}>{entry.name}</span>
          <span className="num">{format(entry)(value)}</span>
        </div>
      ))}
      {rows.length > MAX_ROWS && (
        <div className="faint">and {rows.length - MAX_ROWS} more with smaller values</div>
      )}
    </>
  );
}

/** Exemplars stand on the left axis. */
function formatOfLeft({ series, format }: ChartTooltipProps): ValueFormat {
  const first = series.find(({ style }) => style.axis !== 'right');
  return first === undefined ? formatNumber : format(first);
}

interface ExemplarRowsProps {
  exemplar: ChartExemplar;
  zone: Zone;
  format: ValueFormat;
}

function ExemplarRows({ exemplar, zone, format }: ExemplarRowsProps) {
  const labels = Object.entries(exemplar.labels).filter(([name]) => name !== 'trace_id');
  return (
    <>
      <div className={styles.tooltipTime}>Exemplar · {formatDateTime(exemplar.timeMs, zone)}</div>
      <div className={styles.tooltipRow}>
        <span className={`${styles.tooltipName ?? ''} faint`}>value</span>
        <span className="num">{format(exemplar.value)}</span>
      </div>
      {labels.slice(0, 8).map(([name, value]) => (
        <div key={name} className={styles.tooltipRow}>
          <span className={`${styles.tooltipName ?? ''} faint`}>{name}</span>
          <span className="mono">{value}</span>
        </div>
      ))}
      {exemplar.traceId !== null && (
        <div className={styles.tooltipHint}>
          Click to open trace {exemplar.traceId.slice(0, 8)}…
        </div>
      )}
    </>
  );
}
