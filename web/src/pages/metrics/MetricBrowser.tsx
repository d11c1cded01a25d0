// All metrics with type, unit and help; one click puts a usual query of one on the page.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { labelValues, metadata } from '@/api/prometheus';
import { plural } from '@/format/quantity';
import { useTime } from '@/time/TimeContext';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonRows } from '@/ui/Skeleton';
import { catalogue, findMetrics, type Metric, usualQueries } from './metric-catalogue';
import styles from './metrics.module.css';

interface MetricBrowserProps {
  onQuery: (expr: string) => void;
}

const ROW_HEIGHT = 28;

export function MetricBrowser({ onQuery }: MetricBrowserProps) {
  const { resolved } = useTime();
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const { data, error, isPending } = useQuery({
    queryKey: ['metric catalogue', Math.floor(resolved.endMs / 60_000)],
    queryFn: async ({ signal }) => {
      const names = labelValues('__name__', resolved, signal);
      return catalogue(await names, await metadata(signal));
    },
  });
  const found = useMemo(() => findMetrics(data ?? [], search), [data, search]);
  const chosen = found.find(({ name }) => name === open);
  return (
    <aside className={styles.browser} aria-label="Metrics">
      <div className={styles.browserHead}>
        <TextInput
          placeholder="Find by name or help"
          aria-label="Find a metric"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <span className="faint">{plural(found.length, 'metric')}</span>
      </div>
      {error !== null && <ErrorNotice error={error} />}
      {isPending ? (
        <SkeletonRows rows={20} />
      ) : (
        <MetricList metrics={found} open={open} onOpen={setOpen} />
      )}
      {chosen !== undefined && <MetricCard metric={chosen} onQuery={onQuery} />}
    </aside>
  );
}

interface MetricListProps {
  metrics: readonly Metric[];
  open: string | null;
  onOpen: (name: string) => void;
}

function MetricList({ metrics, open, onOpen }: MetricListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: metrics.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  return (
    <div ref={scroller} className={styles.metricList}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const metric = metrics[index];
          if (metric === undefined) return null;
          return (
            <button
              key={metric.name}
              type="button"
              className={styles.metric}
              aria-pressed={metric.name === open}
              style={{ transform: `translateY(${start}px)` }}
              title={metric.help}
              onClick={() => onOpen(metric.name)}
            >
              <span className="mono truncate">{metric.name}</span>
              <span className="faint">{metric.type === 'unknown' ? '' : metric.type}</span>
            </button>
          );
        })}
      </div>
    </div>
  );
}

function MetricCard({ metric, onQuery }: { metric: Metric; onQuery: (expr: string) => void }) {
  return (
    <div className={styles.metricCard}>
      <strong className="mono">{metric.name}</strong>
      <p className="muted">{metric.help || 'Its exporter gives no help text.'}</p>
      <p className="faint">
        {metric.type}
        {metric.unit !== '' && ` in ${metric.unit}`}
      </p>
      <div className={styles.usual}>
        {usualQueries(metric).map(({ label, expr }, index) => (
          <Button
            key={label}
            size="compact-xs"
            variant={index === 0 ? 'filled' : 'default'}
            title={expr}
            onClick={() => onQuery(expr)}
          >
            {label}
          </Button>
        ))}
      </div>
    </div>
  );
}
