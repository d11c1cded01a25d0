// The logs of a trace or of one of its spans, in the order they were written.
import type { CSSProperties } from 'react';
import type { LogRecord } from '@/api/logs';
import { severityToken } from '@/charts/palette';
import { severityText } from '@/pages/logs/record-text';
import { formatClock, millisecondsOf } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import styles from './traces.module.css';

interface TraceLogsProps {
  records: readonly LogRecord[];
  compact?: boolean;
  onSpan?: (spanId: string) => void;
}

export function TraceLogs({ records, compact, onSpan }: TraceLogsProps) {
  const { zone } = useTime();
  return (
    <ol className={styles.logs}>
      {records.map((record) => (
        <li
          key={record.cursor}
          style={{ '--severity': `var(${severityToken(record.severity)})` } as CSSProperties}
          data-clickable={onSpan !== undefined && record.span_id !== null ? true : undefined}
          onClick={() => record.span_id !== null && onSpan?.(record.span_id)}
        >
          <span className="faint num">
            {formatClock(millisecondsOf(record.time_ns), zone, true)}
          </span>
          <span className={styles.logLevel}>{severityText(record.severity)}</span>
          {compact !== true && <span className="muted">{record.service}</span>}
          <span className={styles.logMessage}>{record.message}</span>
        </li>
      ))}
    </ol>
  );
}
