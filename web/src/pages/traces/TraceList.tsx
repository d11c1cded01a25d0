// The found traces as rows: where they began, how long they took, through which services.
import { useComputedColorScheme } from '@mantine/core';
import { type CSSProperties, useEffect, useRef } from 'react';
import { seriesColors } from '@/charts/palette';
import { plural } from '@/format/quantity';
import { Link } from '@/router/Link';
import { formatDuration, formatLogTime } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge } from '@/ui/Badge';
import type { TraceSummary } from './trace-summary';
import styles from './traces.module.css';

interface TraceListProps {
  traces: readonly TraceSummary[];
  marked: number;
  sort: TraceSort;
  onSort: (sort: TraceSort) => void;
}

export type TraceSort = 'newest' | 'longest' | 'spans' | 'errors';

const HEADS: readonly { title: string; sort?: TraceSort; numeric?: boolean }[] = [
  { title: 'Started', sort: 'newest' },
  { title: 'Root' },
  { title: 'Duration', sort: 'longest', numeric: true },
  { title: '' },
  { title: 'Spans', sort: 'spans', numeric: true },
  { title: 'Errors', sort: 'errors', numeric: true },
  { title: 'Services' },
];

export function TraceList({ traces, marked, sort, onSort }: TraceListProps) {
  const { zone } = useTime();
  const scheme = useComputedColorScheme('dark');
  const longest = Math.max(1, ...traces.map(({ durationMs }) => durationMs));
  const markedRow = useRef<HTMLAnchorElement>(null);
  useEffect(() => markedRow.current?.scrollIntoView({ block: 'nearest' }), [marked]);
  return (
    <div className={styles.list}>
      <div className={styles.listHead}>
        {HEADS.map(({ title, sort: by, numeric }, index) => (
          <span key={index} className={numeric === true ? 'num' : undefined}>
            {by === undefined ? (
              title
            ) : (
              <button type="button" onClick={() => onSort(by)}>
                {title}
                {sort === by ? ' ↓' : ''}
              </button>
            )}
          </span>
        ))}
      </div>
      {traces.map((trace, index) => (
        <div key={trace.id} ref={undefined} className={styles.listItem}>
          <Link
            to={`/traces/${trace.id}`}
            className={styles.listRow}
            data-marked={index === marked || undefined}
          >
            {index === marked && <span ref={markedRow} />}
            <span className="muted num" style={{ textAlign: 'left' }}>
              {formatLogTime(trace.startMs, zone)}
            </span>
            <span className="truncate">
              <strong className={styles.root}>{trace.service}</strong> {trace.operation}
            </span>
            <span className="num">{formatDuration(trace.durationMs)}</span>
            <span className={styles.length}>
              <span
                style={{ width: `${Math.max(1, (100 * trace.durationMs) / longest)}%` }}
                data-error={trace.errors > 0 || undefined}
              />
            </span>
            <span className="num">{trace.spanCount}</span>
            <span className="num">
              {trace.errors > 0 ? (
                <Badge tone="error">{plural(trace.errors, 'error')}</Badge>
              ) : (
                <span className="faint">–</span>
              )}
            </span>
            <ServiceChips
              services={trace.services}
              colors={seriesColors(
                trace.services.map(({ name }) => name),
                scheme,
              )}
            />
          </Link>
        </div>
      ))}
    </div>
  );
}

const MAX_CHIPS = 6;

function ServiceChips({
  services,
  colors,
}: {
  services: TraceSummary['services'];
  colors: ReadonlyMap<string, string>;
}) {
  return (
    <span className={styles.chips}>
      {services.slice(0, MAX_CHIPS).map(({ name, spans }) => (
        <span
          key={name}
          className={styles.chip}
          style={{ '--series': colors.get(name) } as CSSProperties}
        >
          {name} <span className="faint">{spans}</span>
        </span>
      ))}
      {services.length > MAX_CHIPS && <span className="faint">+{services.length - MAX_CHIPS}</span>}
    </span>
  );
}
