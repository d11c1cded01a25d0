// What is stored for each signal, since when, and how long the disk lasts.
import { useQuery } from '@tanstack/react-query';
import { queryInstant } from '@/api/prometheus';
import { type Status, status } from '@/api/status';
import { parseValue } from '@/charts/steps';
import { formatBytes, formatShort } from '@/format/quantity';
import { Link } from '@/router/Link';
import { formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import styles from './home.module.css';
import { describeRunway, runwayDays } from './runway';

const GROWTH = 'sum(deriv(sightglass_store_part_bytes[6h]))';

export function StoragePanel() {
  const { resolved } = useTime();
  const { data, error, isPending } = useQuery({
    queryKey: ['status', resolved.endMs],
    queryFn: ({ signal }) => status(signal),
  });
  const growth = useQuery({
    queryKey: ['storage growth', resolved.endMs],
    queryFn: ({ signal }) => queryInstant(GROWTH, resolved.endMs, signal),
  });
  const sample =
    growth.data?.data.resultType === 'vector' ? growth.data.data.result[0]?.value : undefined;
  const bytesPerSecond = sample === undefined ? null : parseValue(sample[1]);
  return (
    <Panel
      title="Storage"
      aside={
        <Link to="/status" className="link">
          Status
        </Link>
      }
    >
      {error !== null && <ErrorNotice error={error} />}
      {isPending && <SkeletonRows rows={4} height={36} />}
      {data !== undefined && (
        <Stored status={data} bytesPerSecond={bytesPerSecond} nowMs={resolved.endMs} />
      )}
    </Panel>
  );
}

interface StoredProps {
  status: Status;
  bytesPerSecond: number | null;
  nowMs: number;
}

function Stored({ status: { storage }, bytesPerSecond, nowMs }: StoredProps) {
  const { disk, stores } = storage;
  const used = 1 - disk.available_bytes / Math.max(1, disk.total_bytes);
  return (
    <>
      {disk.read_only && (
        <Notice title="The disk is full: new data are refused, everything stored is still answered." />
      )}
      <ul className={styles.facts}>
        {stores.map((store) => (
          <li key={store.signal} className={styles.fact}>
            <span className={styles.signal}>{store.signal}</span>
            <span className="faint">
              {formatShort(store.part_rows + store.head_rows)} rows
              {store.oldest_ms !== null && ` of ${formatDuration(nowMs - store.oldest_ms)}`}
            </span>
            <span className={styles.factValue}>
              {formatBytes(store.part_bytes + store.wal_bytes)}
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.disk}>
        <div className={styles.meter}>
          <div
            className={styles.meterFill}
            data-full={used > 0.9 || undefined}
            style={{ width: `${Math.min(100, used * 100)}%` }}
          />
        </div>
        <div className={styles.diskText}>
          <span>
            {formatBytes(disk.available_bytes)} free of {formatBytes(disk.total_bytes)}
          </span>
          <span className="faint">
            {describeRunway(runwayDays(disk.available_bytes, bytesPerSecond))}
          </span>
        </div>
      </div>
    </>
  );
}
