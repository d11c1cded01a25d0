// The log records that carry a trace's id.
import { useQuery } from '@tanstack/react-query';
import { type LogRecord, searchLogs } from '@/api/logs';
import type { Trace } from './trace-model';

const MAX_LOGS = 500;
/** Clocks differ, and some logs are written after the last span ended. */
const MARGIN_MS = 300_000;

export interface TraceLogsAnswer {
  records: readonly LogRecord[];
  loading: boolean;
  error: unknown;
}

export function useTraceLogs(trace: Trace): TraceLogsAnswer {
  const startMs = Math.floor(trace.startUs / 1000) - MARGIN_MS;
  const endMs = Math.ceil((trace.startUs + trace.durationUs) / 1000) + MARGIN_MS;
  const { data, error, isPending } = useQuery({
    queryKey: ['trace logs', trace.id],
    queryFn: ({ signal }) =>
      searchLogs(
        {
          query: '',
          language: 'kql',
          filters: [{ field: 'trace_id', op: 'is', value: trace.id }],
          start_ms: startMs,
          end_ms: endMs,
        },
        { order: 'oldest', after: null, limit: MAX_LOGS },
        signal,
      ),
    placeholderData: undefined,
  });
  return { records: data?.records ?? [], loading: isPending, error };
}
