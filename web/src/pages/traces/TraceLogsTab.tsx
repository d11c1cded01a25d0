// The logs that name a trace, beside its waterfall.
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonRows } from '@/ui/Skeleton';
import { TraceLogs } from './TraceLogs';
import styles from './traces.module.css';
import type { TraceLogsAnswer } from './use-trace-logs';

export function TraceLogsTab({
  logs,
  onSpan,
}: {
  logs: TraceLogsAnswer;
  onSpan: (spanId: string) => void;
}) {
  if (logs.error !== null) return <ErrorNotice error={logs.error} />;
  if (logs.loading) return <SkeletonRows rows={12} />;
  if (logs.records.length === 0) {
    return (
      <EmptyState icon="logs" title="No log names this trace">
        Logs are joined to traces by their trace_id field; most loggers add it when told to put the
        span context into each record.
      </EmptyState>
    );
  }
  return (
    <div className={styles.logsTab}>
      <TraceLogs records={logs.records} onSpan={onSpan} />
    </div>
  );
}
