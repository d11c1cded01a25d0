// What a trace comes to: when, how long, how many spans, through which services.
import type { CSSProperties } from 'react';
import { plural } from '@/format/quantity';
import { logsWhere, rangeAround } from '@/links/signal-links';
import { LinkIcons } from '@/links/SignalLinks';
import { formatDateTime, formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { CopyButton } from '@/ui/CopyButton';
import type { Trace } from './trace-model';
import styles from './traces.module.css';

export function TraceHeader({
  trace,
  colors,
}: {
  trace: Trace;
  colors: ReadonlyMap<string, string>;
}) {
  const { zone } = useTime();
  const startMs = trace.startUs / 1000;
  const links = [logsWhere('trace_id', trace.id, 'Logs of the trace')];
  return (
    <header className={styles.traceHead}>
      <div className={styles.traceFacts}>
        <span className="num">{formatDateTime(startMs, zone)}</span>
        <strong>{formatDuration(trace.durationUs / 1000)}</strong>
        <span>{plural(trace.spans.length, 'span')}</span>
        <span className="muted">{trace.depth} deep</span>
        {trace.errors > 0 && (
          <span className={styles.failed}>{plural(trace.errors, 'span')} with errors</span>
        )}
        <span className={styles.traceId}>
          <code>{trace.id}</code>
          <CopyButton text={trace.id} label="Copy the trace id" />
          <LinkIcons
            links={links}
            range={rangeAround(startMs, startMs + trace.durationUs / 1000)}
          />
        </span>
      </div>
      <div className={styles.chips}>
        {trace.services.map(({ name, spans }) => (
          <span
            key={name}
            className={styles.chip}
            style={{ '--series': colors.get(name) } as CSSProperties}
          >
            {name} <span className="faint">{spans}</span>
          </span>
        ))}
      </div>
    </header>
  );
}
