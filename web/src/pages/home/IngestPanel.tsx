// What arrives: records a second for each signal.
import { useComputedColorScheme } from '@mantine/core';
import type { Values } from '@/charts/chart-series';
import { seriesColor } from '@/charts/palette';
import { Sparkline } from '@/charts/Sparkline';
import { formatUnit } from '@/format/quantity';
import { Link } from '@/router/Link';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import styles from './home.module.css';
import { type Figure, lastValue, useGroupedFigures } from './use-home-queries';

const FIGURES: Readonly<Record<'records', Figure>> = {
  // What was scraped came by no protocol.
  records: (window) => `sum by (signal) (
    rate(sightglass_records_received_total[${window}])
    or label_replace(rate(sightglass_scrape_samples_total[${window}]), "signal", "metrics", "", "")
  )`,
};

const SIGNALS = [
  { signal: 'logs', title: 'Logs', unit: 'records' },
  { signal: 'traces', title: 'Traces', unit: 'spans' },
  { signal: 'metrics', title: 'Metrics', unit: 'samples' },
] as const;

export function IngestPanel() {
  const { groups, loading, stale, error } = useGroupedFigures(FIGURES, 'signal');
  const scheme = useComputedColorScheme('dark');
  return (
    <Panel
      title="Arriving"
      aside={
        <Link to="/dashboards/sightglass-self" className="link">
          Sightglass itself
        </Link>
      }
      stale={stale}
    >
      {error !== null && <ErrorNotice error={error} />}
      {loading && groups.size === 0 ? (
        <SkeletonRows rows={3} height={40} />
      ) : (
        <ul className={styles.facts}>
          {SIGNALS.map(({ signal, title, unit }) => {
            const values: Values = groups.get(signal)?.records ?? [];
            return (
              <li key={signal} className={styles.fact}>
                <span>{title}</span>
                <Sparkline
                  values={values}
                  width={110}
                  height={24}
                  color={seriesColor(signal, scheme)}
                  label={`${title} arriving`}
                />
                <span className={styles.factValue}>
                  {formatUnit(lastValue(values) ?? 0, 'short')}{' '}
                  <span className="faint">{unit}/s</span>
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
