// The records as rows, newest first; only those in sight are drawn.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, memo, useEffect, useRef } from 'react';
import type { LogRecord } from '@/api/logs';
import { severityToken } from '@/charts/palette';
import { formatLogTime, millisecondsOf } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import type { Zone } from '@/time/time-range';
import { Icon } from '@/ui/icons';
import styles from './logs.module.css';
import { columnText, severityText } from './record-text';

interface LogTableProps {
  records: readonly LogRecord[];
  columns: readonly string[];
  open: string | null;
  /** The row under the keyboard's mark. */
  marked: number;
  stale: boolean;
  onOpen: (record: LogRecord) => void;
  onEnd: () => void;
  onRemoveColumn: (column: string) => void;
}

const ROW_HEIGHT = 28;
/** So many rows before the last the next page is asked for. */
const AHEAD = 60;

export function LogTable(props: LogTableProps) {
  const { records, columns, open, marked, stale, onOpen, onEnd, onRemoveColumn } = props;
  const { zone } = useTime();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (records.length > 0 && last >= records.length - AHEAD) onEnd();
  }, [last, records.length, onEnd]);
  useEffect(() => {
    if (marked >= 0) rows.scrollToIndex(marked);
  }, [marked, rows]);
  const layout = { '--columns': templateOf(columns) } as CSSProperties;
  return (
    <div
      ref={scroller}
      className={`${styles.table ?? ''} ${stale ? 'stale' : ''}`}
      style={layout}
      role="grid"
    >
      <div className={styles.tableHead} role="row">
        <span>Time</span>
        <span>Level</span>
        {columns.map((column) => (
          <span key={column} className={styles.columnHead}>
            <span className="truncate">{column}</span>
            {columns.length > 1 && (
              <button
                type="button"
                aria-label={`Remove the column ${column}`}
                onClick={() => onRemoveColumn(column)}
              >
                <Icon name="close" size={11} />
              </button>
            )}
          </span>
        ))}
      </div>
      <div className={styles.tableBody} style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const record = records[index];
          return record === undefined ? null : (
            <LogRow
              key={record.cursor}
              record={record}
              columns={columns}
              zone={zone}
              top={start}
              open={record.cursor === open}
              marked={index === marked}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The message takes what the others leave. */
function templateOf(columns: readonly string[]): string {
  const widths = columns.map((column) =>
    column === 'message'
      ? 'minmax(240px, 1fr)'
      : column === 'service'
        ? '120px'
        : 'minmax(96px, 200px)',
  );
  return ['156px', '56px', ...widths].join(' ');
}

interface LogRowProps {
  record: LogRecord;
  columns: readonly string[];
  zone: Zone;
  top: number;
  open: boolean;
  marked: boolean;
  onOpen: (record: LogRecord) => void;
}

const LogRow = memo(function LogRow({
  record,
  columns,
  zone,
  top,
  open,
  marked,
  onOpen,
}: LogRowProps) {
  const tone = `var(${severityToken(record.severity)})`;
  return (
    <div
      className={styles.row}
      role="row"
      aria-selected={open}
      data-marked={marked || undefined}
      style={{ transform: `translateY(${top}px)`, '--severity': tone } as CSSProperties}
      onClick={() => onOpen(record)}
    >
      <span className={styles.time}>{formatLogTime(millisecondsOf(record.time_ns), zone)}</span>
      <span className={styles.severity}>{severityText(record.severity)}</span>
      {columns.map((column) => (
        <span
          key={column}
          className={`${column === 'service' ? 'muted' : ''} truncate`}
          title={undefined}
        >
          {columnText(record, column)}
        </span>
      ))}
    </div>
  );
});
