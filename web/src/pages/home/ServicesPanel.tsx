// Services as rows: rate, share of errors and p95 over time, the worst first.
import { useMemo } from 'react';
import type { Values } from '@/charts/chart-series';
import { Sparkline } from '@/charts/Sparkline';
import { formatUnit, type Unit } from '@/format/quantity';
import { dashboardOfService, linksOfService } from '@/links/signal-links';
import { LinkIcons } from '@/links/SignalLinks';
import { Link } from '@/router/Link';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import styles from './home.module.css';
import { type Figure, lastValue, useGroupedFigures } from './use-home-queries';

const SERVED = 'span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"';
const CALLS = 'traces_span_metrics_calls_total';

const FIGURES: Readonly<Record<'rate' | 'errors' | 'p95', Figure>> = {
  rate: (window) => `sum by (service_name) (rate(${CALLS}{${SERVED}}[${window}]))`,
  errors: (window) =>
    `(sum by (service_name) (rate(${CALLS}{${SERVED},status_code="STATUS_CODE_ERROR"}[${window}]))` +
    ` or 0 * sum by (service_name) (rate(${CALLS}{${SERVED}}[${window}])))` +
    ` / sum by (service_name) (rate(${CALLS}{${SERVED}}[${window}]))`,
  p95: (window) =>
    `histogram_quantile(0.95, sum by (service_name, le)` +
    ` (rate(traces_span_metrics_duration_seconds_bucket{${SERVED}}[${window}])))`,
};

interface ServiceRow {
  name: string;
  rate: Values | undefined;
  errors: Values | undefined;
  p95: Values | undefined;
  errorShare: number;
  seconds: number;
}

/** Shares above these are marked. */
const ERRORS_WARN = 0.01;
const ERRORS_BAD = 0.05;

export function ServicesPanel() {
  const { groups, loading, stale, error } = useGroupedFigures(FIGURES, 'service_name');
  const rows = useMemo(() => serviceRows(groups), [groups]);
  return (
    <Panel
      title="Services"
      aside={
        rows.length > 0 && (
          <Link to="/traces" className="link">
            All traces
          </Link>
        )
      }
      stale={stale}
    >
      {error !== null && <ErrorNotice error={error} />}
      {loading && rows.length === 0 && <SkeletonRows rows={6} height={40} />}
      {!loading && rows.length === 0 && error === null && (
        <EmptyState
          icon="traces"
          title="No service has sent spans in this range"
          command="sightglass demo"
        >
          Rates, errors and durations are counted from every span that arrives by OTLP, Jaeger or
          Zipkin. The demo sends some from a small shop; your own services need only
          OTEL_EXPORTER_OTLP_ENDPOINT.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          rows={rows}
          columns={COLUMNS}
          rowKey={(row) => row.name}
          sort={{ column: 'errors', descending: true }}
        />
      )}
    </Panel>
  );
}

/** By share of errors, then by p95: what needs attention comes first. */
function serviceRows(
  groups: ReadonlyMap<string, { rate?: Values; errors?: Values; p95?: Values }>,
): ServiceRow[] {
  return [...groups]
    .map(([name, { rate, errors, p95 }]) => ({
      name,
      rate,
      errors,
      p95,
      errorShare: lastValue(errors) ?? 0,
      seconds: lastValue(p95) ?? 0,
    }))
    .sort((a, b) => b.errorShare - a.errorShare || b.seconds - a.seconds);
}

const COLUMNS: readonly Column<ServiceRow>[] = [
  {
    id: 'name',
    title: 'Service',
    sortBy: (row) => row.name,
    cell: (row) => {
      const { to, params } = dashboardOfService(row.name);
      return (
        <Link to={to} params={params ?? {}} className={styles.service}>
          {row.name}
        </Link>
      );
    },
  },
  {
    id: 'rate',
    title: 'Requests',
    numeric: true,
    width: 190,
    sortBy: (row) => lastValue(row.rate) ?? 0,
    cell: (row) => (
      <Figures
        values={row.rate}
        unit="ops"
        color="var(--muted)"
        label={`Requests of ${row.name}`}
      />
    ),
  },
  {
    id: 'errors',
    title: 'Errors',
    numeric: true,
    width: 190,
    sortBy: (row) => row.errorShare,
    cell: (row) => (
      <Figures
        values={row.errors}
        unit="ratio"
        color={errorTone(row.errorShare) ?? 'var(--muted)'}
        textColor={errorTone(row.errorShare)}
        label={`Share of errors of ${row.name}`}
        max={Math.max(0.05, ...(row.errors ?? []).map((value) => value ?? 0))}
      />
    ),
  },
  {
    id: 'p95',
    title: 'p95',
    numeric: true,
    width: 190,
    sortBy: (row) => row.seconds,
    cell: (row) => (
      <Figures
        values={row.p95}
        unit="s"
        color="var(--accent)"
        label={`95th percentile of ${row.name}`}
      />
    ),
  },
  {
    id: 'links',
    title: '',
    width: 96,
    numeric: true,
    cell: (row) => <LinkIcons links={linksOfService(row.name)} />,
  },
];

function errorTone(share: number): string | undefined {
  if (share >= ERRORS_BAD) return 'var(--error)';
  return share >= ERRORS_WARN ? 'var(--warning)' : undefined;
}

interface FiguresProps {
  values: Values | undefined;
  unit: Unit;
  color: string;
  textColor?: string | undefined;
  label: string;
  max?: number;
}

export function Figures({ values, unit, color, textColor, label, max }: FiguresProps) {
  return (
    <span className={styles.figures}>
      <Sparkline
        values={values ?? []}
        width={96}
        height={24}
        color={color}
        label={label}
        max={max}
      />
      <span className={styles.figure} style={{ color: textColor }}>
        {formatUnit(lastValue(values), unit)}
      </span>
    </span>
  );
}
