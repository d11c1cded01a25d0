// Hosts as rows: CPU, memory, the fullest disk, network.
import type { Values } from '@/charts/chart-series';
import { type Column, DataTable } from '@/ui/DataTable';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import { EmptyState } from '@/ui/EmptyState';
import { Link } from '@/router/Link';
import styles from './home.module.css';
import { Figures } from './ServicesPanel';
import { type Figure, lastValue, useGroupedFigures } from './use-home-queries';

const REAL_DISKS = 'fstype!~"tmpfs|devtmpfs|overlay|squashfs|ramfs|iso9660"';

const FIGURES: Readonly<Record<'cpu' | 'memory' | 'disk' | 'network', Figure>> = {
  cpu: (window) => `1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[${window}]))`,
  memory: () =>
    '1 - sum by (instance) (node_memory_MemAvailable_bytes) / sum by (instance) (node_memory_MemTotal_bytes)',
  disk: () =>
    `max by (instance) (1 - node_filesystem_avail_bytes{${REAL_DISKS}} / node_filesystem_size_bytes{${REAL_DISKS}})`,
  network: (window) =>
    `sum by (instance) (rate(node_network_receive_bytes_total{device!="lo"}[${window}])` +
    ` + rate(node_network_transmit_bytes_total{device!="lo"}[${window}]))`,
};

interface HostRow {
  name: string;
  figures: Partial<Record<keyof typeof FIGURES, Values>>;
}

export function HostsPanel() {
  const { groups, loading, stale, error } = useGroupedFigures(FIGURES, 'instance');
  const rows: HostRow[] = [...groups].map(([name, figures]) => ({ name, figures }));
  return (
    <Panel title="Hosts" stale={stale}>
      {error !== null && <ErrorNotice error={error} />}
      {loading && rows.length === 0 && <SkeletonRows rows={1} height={40} />}
      {!loading && rows.length === 0 && error === null && (
        <EmptyState icon="status" title="No host metrics in this range">
          The server reads its own host every five seconds. Other hosts appear once their
          node_exporter is a target in prometheus.yml.
        </EmptyState>
      )}
      {rows.length > 0 && <DataTable rows={rows} columns={COLUMNS} rowKey={(row) => row.name} />}
    </Panel>
  );
}

function shareColumn(id: 'cpu' | 'memory' | 'disk', title: string): Column<HostRow> {
  const value = (row: HostRow) => lastValue(row.figures[id]) ?? 0;
  return {
    id,
    title,
    numeric: true,
    width: 190,
    sortBy: value,
    cell: (row) => (
      <Figures
        values={row.figures[id]}
        unit="ratio"
        color={fullTone(value(row)) ?? 'var(--muted)'}
        textColor={fullTone(value(row))}
        label={`${title} of ${row.name}`}
        max={1}
      />
    ),
  };
}

function fullTone(share: number): string | undefined {
  if (share > 0.95) return 'var(--error)';
  return share > 0.85 ? 'var(--warning)' : undefined;
}

const COLUMNS: readonly Column<HostRow>[] = [
  {
    id: 'name',
    title: 'Host',
    sortBy: (row) => row.name,
    cell: (row) => (
      <Link
        to="/dashboards/sightglass-host"
        params={{ 'var-instance': row.name }}
        className={styles.service}
      >
        {row.name}
      </Link>
    ),
  },
  shareColumn('cpu', 'CPU'),
  shareColumn('memory', 'Memory'),
  shareColumn('disk', 'Fullest disk'),
  {
    id: 'network',
    title: 'Network',
    numeric: true,
    width: 190,
    sortBy: (row) => lastValue(row.figures.network) ?? 0,
    cell: (row) => (
      <Figures
        values={row.figures.network}
        unit="bytes/s"
        color="var(--muted)"
        label={`Network of ${row.name}`}
      />
    ),
  },
];
