// What runs, since when, and what it uses.
import type { ReactNode } from 'react';
import type { Status } from '@/api/status';
import { formatBytes } from '@/format/quantity';
import { formatDateTime, formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import styles from './status.module.css';

export function BuildPanel({ status }: { status: Status }) {
  const { zone } = useTime();
  const share = status.cpu_seconds / Math.max(1, status.uptime_seconds);
  return (
    <dl className={styles.build}>
      <Fact name="Version">
        {status.version} <span className="faint">{status.revision.slice(0, 8)}</span>
      </Fact>
      <Fact name="Running for">
        <span title={formatDateTime(status.started_ms, zone)}>
          {formatDuration(status.uptime_seconds * 1000)}
        </span>
      </Fact>
      <Fact name="Memory">{formatBytes(status.memory_bytes)}</Fact>
      <Fact name="Processor">{(share * 100).toFixed(1)} % of one core</Fact>
      <Fact name="Host">
        {status.hostname} <span className="faint">pid {status.pid}</span>
      </Fact>
      <Fact name="Data">
        <code>{status.data_dir}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
