// What each signal keeps: in memory, in its log, in parts; and what had to be put aside.
import type { SignalStore, Status } from '@/api/status';
import { formatBytes, formatShort } from '@/format/quantity';
import { formatAgo, formatDuration } from '@/time/format-time';
import { type Column, DataTable } from '@/ui/DataTable';
import { Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import styles from './status.module.css';

interface StoresPanelProps {
  storage: Status['storage'];
  nowMs: number;
}

export function StoresPanel({ storage: { disk, stores }, nowMs }: StoresPanelProps) {
  const quarantined = stores.flatMap(({ signal, quarantined: files }) =>
    files.map((file) => ({ ...file, signal })),
  );
  return (
    <Panel
      title="Storage"
      aside={
        <>
          <code>{disk.path}</code>
          <span>
            {formatBytes(disk.available_bytes)} free of {formatBytes(disk.total_bytes)}
          </span>
        </>
      }
    >
      {disk.read_only && (
        <div className={styles.inset}>
          <Notice title="The disk is full">
            New data are refused until there is room; everything stored is answered as before.
          </Notice>
        </div>
      )}
      <DataTable rows={stores} columns={columnsAt(nowMs)} rowKey={(row) => row.signal} />
      {quarantined.length > 0 && (
        <div className={styles.inset}>
          <Notice
            tone="warning"
            title="Files that could not be read were put aside. Nothing was deleted."
          >
            <ul>
              {quarantined.map(({ path, reason, signal }) => (
                <li key={path}>
                  <code>{path}</code> <span className="muted">({signal})</span>: {reason}
                </li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
    </Panel>
  );
}

function columnsAt(nowMs: number): Column<SignalStore>[] {
  return [
    { id: 'signal', title: 'Signal', cell: (row) => row.signal },
    {
      id: 'series',
      title: 'Series or streams',
      numeric: true,
      cell: (row) => formatShort(row.series),
    },
    {
      id: 'memory',
      title: 'In memory',
      numeric: true,
      cell: (row) => (
        <>
          {formatShort(row.head_rows)} rows{' '}
          <span className="faint">{formatBytes(row.head_bytes)}</span>
        </>
      ),
    },
    {
      id: 'wal',
      title: 'Write-ahead log',
      numeric: true,
      cell: (row) => formatBytes(row.wal_bytes),
    },
    {
      id: 'parts',
      title: 'Parts',
      numeric: true,
      cell: (row) => (
        <>
          {row.parts} <span className="faint">{formatShort(row.part_rows)} rows</span>{' '}
          {formatBytes(row.part_bytes)}
        </>
      ),
    },
    {
      id: 'from',
      title: 'Oldest',
      numeric: true,
      cell: (row) => (row.oldest_ms === null ? '–' : formatAgo(row.oldest_ms, nowMs)),
    },
    {
      id: 'newest',
      title: 'Newest',
      numeric: true,
      cell: (row) => (row.newest_ms === null ? '–' : formatAgo(row.newest_ms, nowMs)),
    },
    { id: 'kept', title: 'Kept', numeric: true, cell: (row) => retention(row) },
  ];
}

function retention({ retention_ms: age, retention_bytes: bytes }: SignalStore): string {
  const limits = [
    ...(age === null ? [] : [formatDuration(age)]),
    ...(bytes === null ? [] : [`up to ${formatBytes(bytes)}`]),
  ];
  return limits.length === 0 ? 'for ever' : limits.join(', ');
}
