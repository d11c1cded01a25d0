// The chart of the page's queries with its legend, and the ways on from a series.
import { useComputedColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Legend, USUAL_COLUMNS } from '@/charts/Legend';
import { TimeChart } from '@/charts/TimeChart';
import { plural, unitFormat } from '@/format/quantity';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Panel } from '@/ui/Panel';
import { Skeleton } from '@/ui/Skeleton';
import { chartOfResults, exemplarPoints, MAX_SERIES } from './chart-of-results';
import { ExemplarMenu } from './ExemplarMenu';
import { onTheirLines } from './exemplar-sources';
import styles from './metrics.module.css';
import type { MetricResults } from './use-metric-queries';

export function MetricsChart({ answers, stacked }: { answers: MetricResults; stacked: boolean }) {
  const { resolved, zone, zoomTo, resetZoom } = useTime();
  const scheme = useComputedColorScheme('dark');
  const { results, range } = answers;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const chart = useMemo(
    () => chartOfResults(results, range, { scheme, stacked }),
    [results, range, scheme, stacked],
  );
  const exemplars = useMemo(
    () => exemplarPoints(onTheirLines(answers.exemplars, chart.times, chart.series), range),
    [answers.exemplars, chart, range],
  );
  const format = unitFormat(chart.unit);
  const loading = results.some((result) => result.loading);
  const stale = results.some(
    (result) => result.stale || (result.error != null && result.answer !== undefined),
  );
  return (
    <Panel
      stale={stale}
      title={loading ? '…' : plural(chart.total, 'series', 'series')}
      aside={
        <>
          <ExemplarMenu exemplars={exemplars} format={format} />
          <Facts stepMs={range.stepMs} cut={chart.total > MAX_SERIES} />
        </>
      }
    >
      <div className={styles.chart}>
        {loading ? (
          <div className={styles.chartSkeleton}>
            <Skeleton height="100%" />
          </div>
        ) : (
          <TimeChart
            times={chart.times}
            series={chart.series}
            hidden={hidden}
            range={resolved}
            zone={zone}
            axes={{ left: { format, binary: chart.unit.startsWith('bytes') } }}
            exemplars={exemplars}
            onZoom={zoomTo}
            onReset={resetZoom}
            onExemplar={({ traceId }) => {
              if (traceId !== null) navigate(href(`/traces/${traceId}`));
            }}
          />
        )}
      </div>
      {chart.series.length > 0 && (
        <div className={styles.legendBox}>
          <Legend
            series={chart.series}
            hidden={hidden}
            onHidden={setHidden}
            format={() => format}
            mode="table"
            columns={USUAL_COLUMNS}
          />
        </div>
      )}
      {!loading && chart.series.length === 0 && results.every(({ error }) => error == null) && (
        <p className={styles.none}>The query is right, but no series answers it in this range.</p>
      )}
    </Panel>
  );
}

function Facts({ stepMs, cut }: { stepMs: number; cut: boolean }) {
  return (
    <>
      <span>step {formatDuration(stepMs)}</span>
      {cut && <span className={styles.cut}>the first {MAX_SERIES} are drawn</span>}
    </>
  );
}
