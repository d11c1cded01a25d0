// What a rule measures over the page's range, with the line it must not cross.
import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryRange } from '@/api/prometheus';
import { tokenColors } from '@/charts/palette';
import type { ChartThresholds } from '@/charts/plot-hooks';
import { steppedRange } from '@/charts/steps';
import { TimeChart } from '@/charts/TimeChart';
import { unitFormat } from '@/format/quantity';
import { chartOfResults, exemplarPoints } from '@/pages/metrics/chart-of-results';
import { onTheirLines } from '@/pages/metrics/exemplar-sources';
import { NO_QUERY } from '@/pages/metrics/metrics-state';
import { useExemplars } from '@/pages/metrics/use-exemplars';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { useTime } from '@/time/TimeContext';
import { ErrorNotice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import styles from './alerts.module.css';
import { splitThreshold } from './rule-list';

const POINTS = 160;

export function RuleChart({ query }: { query: string }) {
  const { resolved, zone, zoomTo, resetZoom } = useTime();
  const scheme = useComputedColorScheme('dark');
  const split = useMemo(() => splitThreshold(query), [query]);
  const expr = split?.expr ?? query;
  const range = useMemo(() => steppedRange(resolved, POINTS), [resolved]);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['rule chart', expr, range],
    queryFn: ({ signal }) => queryRange(expr, range, signal),
  });
  const chart = useMemo(
    () =>
      chartOfResults(
        [{ query: { ...NO_QUERY, expr }, answer: data, error: null, loading: false, stale: false }],
        range,
        { scheme, stacked: false },
      ),
    [data, expr, range, scheme],
  );
  const found = useExemplars([expr], range);
  const threshold = split?.threshold ?? null;
  // What is over the line is what one wants to know about.
  const floor = threshold !== null && query.includes('>') ? threshold : -Infinity;
  const exemplars = useMemo(
    () =>
      exemplarPoints(onTheirLines(found, chart.times, chart.series), range).filter(
        ({ value }) => value >= floor,
      ),
    [found, chart, range, floor],
  );
  const thresholds = useMemo<ChartThresholds | null>(
    () =>
      threshold === null
        ? null
        : {
            steps: [{ value: threshold, color: tokenColors(scheme)('--error') }],
            line: true,
            area: false,
          },
    [threshold, scheme],
  );
  const axis = {
    format: unitFormat(chart.unit),
    softMax: threshold === null ? null : threshold * 1.1,
    softMin: threshold === null ? null : Math.min(0, threshold),
  };
  return (
    <div className={`${styles.chart ?? ''} ${isPlaceholderData ? 'stale' : ''}`}>
      {error !== null && <ErrorNotice error={error} query={expr} />}
      {data === undefined && error === null && <Skeleton height="100%" />}
      {data !== undefined && (
        <TimeChart
          times={chart.times}
          series={chart.series}
          range={resolved}
          zone={zone}
          axes={{ left: axis }}
          thresholds={thresholds}
          exemplars={exemplars}
          onExemplar={({ traceId }) => {
            if (traceId !== null) navigate(href(`/traces/${traceId}`));
          }}
          onZoom={zoomTo}
          onReset={resetZoom}
        />
      )}
    </div>
  );
}
