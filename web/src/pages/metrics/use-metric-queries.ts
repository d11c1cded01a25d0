// The answers to the page's queries: series over time, exemplars, and values at its end.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type QueryAnswer, queryInstant, queryRange } from '@/api/prometheus';
import { steppedRange, type SteppedRange } from '@/charts/steps';
import { useTime } from '@/time/TimeContext';
import type { MetricQuery, MetricsState } from './metrics-state';
import { type FoundExemplars, useExemplars } from './use-exemplars';

const POINTS = 480;

export interface QueryResult {
  query: MetricQuery;
  answer: QueryAnswer | undefined;
  error: unknown;
  loading: boolean;
  stale: boolean;
}

export interface MetricResults {
  range: SteppedRange;
  results: readonly QueryResult[];
  exemplars: readonly FoundExemplars[];
  fetching: boolean;
}

export function useMetricQueries({ queries, view, exemplars }: MetricsState): MetricResults {
  const { resolved } = useTime();
  const range = useMemo(() => steppedRange(resolved, POINTS), [resolved]);
  const answers = useQueries({
    queries: queries.map(({ expr, hidden }) => ({
      queryKey: ['metrics', view, expr, view === 'chart' ? range : resolved.endMs],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        view === 'chart'
          ? queryRange(expr, range, signal)
          : queryInstant(expr, resolved.endMs, signal),
      enabled: expr.trim() !== '' && !hidden,
    })),
  });
  const wanted = exemplars && view === 'chart';
  const points = useExemplars(
    queries.map(({ expr, hidden }) => (wanted && !hidden ? expr : null)),
    range,
  );
  return {
    range,
    results: queries.map((query, index) => {
      const answer = answers[index];
      const active = query.expr.trim() !== '' && !query.hidden;
      return {
        query,
        answer: active ? answer?.data : undefined,
        error: active ? (answer?.error ?? null) : null,
        loading: active && answer?.isPending === true,
        stale: answer?.isPlaceholderData === true,
      };
    }),
    exemplars: points,
    fetching: answers.some(({ isFetching }) => isFetching),
  };
}
