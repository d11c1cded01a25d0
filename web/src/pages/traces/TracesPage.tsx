// The traces page: a search, its results as points and as rows.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { searchTraces } from '@/api/jaeger';
import { usePageTitle } from '@/app/page-title';
import { useShortcuts } from '@/app/shortcuts';
import { plural } from '@/format/quantity';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { useUrlState } from '@/router/url-state';
import type { ResolvedRange } from '@/time/time-range';
import { useTime } from '@/time/TimeContext';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { QueryProgress } from '@/ui/QueryProgress';
import { SkeletonRows } from '@/ui/Skeleton';
import { DurationScatter } from './DurationScatter';
import { LogfmtError } from './logfmt';
import { summarise, type TraceSummary } from './trace-summary';
import { durationProblem, searchOf, traceSearchCodec, type TraceSearchState } from './trace-state';
import { TraceList, type TraceSort } from './TraceList';
import { TraceSearchForm } from './TraceSearchForm';
import styles from './traces.module.css';

export default function TracesPage() {
  usePageTitle([{ text: 'Traces' }]);
  const [state, setState] = useUrlState(traceSearchCodec);
  const { resolved } = useTime();
  const { search, problem } = useMemo(() => searchOrProblem(state, resolved), [state, resolved]);
  const client = useQueryClient();
  const { data, error, isPending, isPlaceholderData, isFetching } = useQuery({
    queryKey: ['traces', search],
    queryFn: ({ signal }) =>
      searchTraces(search ?? searchOf({ ...state, tags: '' }, resolved), signal),
    enabled: search !== null,
  });
  const [sort, setSort] = useState<TraceSort>('newest');
  const traces = useMemo(() => sortTraces((data ?? []).map(summarise), sort), [data, sort]);
  const marked = useMarkedTrace(traces);
  const failing = traces.filter(({ errors }) => errors > 0).length;
  return (
    <div className={styles.page}>
      <TraceSearchForm state={state} onChange={setState} tagsProblem={problem} />
      <div className={styles.body}>
        {error !== null && <ErrorNotice error={error} />}
        {!isPending && traces.length === 0 && error === null ? (
          <NoTraces filtered={state.service !== '' || state.tags !== '' || state.errorsOnly} />
        ) : (
          <>
            <Panel
              title={plural(traces.length, 'trace')}
              aside={
                <>
                  <QueryProgress
                    running={isFetching}
                    onStop={() => void client.cancelQueries({ queryKey: ['traces'] })}
                  />
                  {failing > 0 && <span>{plural(failing, 'trace')} with errors</span>}
                  {traces.length === state.limit && (
                    <span>the newest only: raise the limit for more</span>
                  )}
                </>
              }
              stale={isPlaceholderData || problem !== null}
            >
              <div className={styles.scatter}>
                {data !== undefined && <DurationScatter traces={traces} />}
              </div>
            </Panel>
            <Panel className={styles.results} stale={isPlaceholderData || problem !== null}>
              {isPending ? (
                <SkeletonRows rows={14} />
              ) : (
                <TraceList traces={traces} marked={marked} sort={sort} onSort={setSort} />
              )}
            </Panel>
          </>
        )}
      </div>
    </div>
  );
}

function searchOrProblem(state: TraceSearchState, range: ResolvedRange) {
  const durations = durationProblem(state.minDuration) ?? durationProblem(state.maxDuration);
  if (durations !== null) return { search: null, problem: null };
  try {
    return { search: searchOf(state, range), problem: null };
  } catch (error) {
    if (error instanceof LogfmtError) return { search: null, problem: error.message };
    throw error;
  }
}

const ORDERS: Readonly<Record<TraceSort, (trace: TraceSummary) => number>> = {
  newest: ({ startMs }) => startMs,
  longest: ({ durationMs }) => durationMs,
  spans: ({ spanCount }) => spanCount,
  errors: ({ errors }) => errors,
};

function sortTraces(traces: readonly TraceSummary[], sort: TraceSort): TraceSummary[] {
  const by = ORDERS[sort];
  return [...traces].sort((a, b) => by(b) - by(a) || b.startMs - a.startMs);
}

function useMarkedTrace(traces: readonly TraceSummary[]): number {
  const [marked, setMarked] = useState(-1);
  const move = (step: number) =>
    setMarked((at) => Math.min(Math.max(0, at + step), traces.length - 1));
  useShortcuts([
    {
      key: '/',
      description: 'Write tags',
      run: () => document.getElementById('trace-tags')?.focus(),
    },
    { key: 'j', description: 'Next trace', run: () => move(1) },
    { key: 'k', description: 'Trace before', run: () => move(-1) },
    {
      key: 'Enter',
      description: 'Open the marked trace',
      run: () => {
        const trace = traces[marked];
        if (trace !== undefined) navigate(href(`/traces/${trace.id}`));
      },
    },
  ]);
  return marked;
}

function NoTraces({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon="traces" title="No trace in this range fits">
        Widen the time range, or ask for less: any service, no tags, no durations.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="traces"
      title="No traces in this range"
      command="OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317 your-service"
    >
      Spans arrive by OTLP, Jaeger or Zipkin. Any OpenTelemetry SDK sends them with this variable;
      sightglass demo starts a small shop that does.
    </EmptyState>
  );
}
