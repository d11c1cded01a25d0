// What was logged just before and after a record, from its own stream or from everything.
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { type LogRecord, logSurroundings } from '@/api/logs';
import { severityToken } from '@/charts/palette';
import { formatClock, millisecondsOf } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonRows } from '@/ui/Skeleton';
import styles from './logs.module.css';

const EACH_SIDE = 40;

export function Surroundings({ record }: { record: LogRecord }) {
  const { zone } = useTime();
  const [scope, setScope] = useState<'service' | 'all'>('service');
  const anchor = useRef<HTMLLIElement>(null);
  const filters =
    scope === 'service'
      ? [{ field: 'service.name', op: 'is' as const, value: record.service }]
      : [];
  const { data, error, isPending } = useQuery({
    queryKey: ['logs', 'surroundings', record.cursor, scope],
    queryFn: ({ signal }) =>
      logSurroundings(
        { cursor: record.cursor, before: EACH_SIDE, after: EACH_SIDE, filters },
        signal,
      ),
    placeholderData: undefined,
  });
  useEffect(() => anchor.current?.scrollIntoView({ block: 'center' }), [data]);
  return (
    <>
      <div className={styles.aroundHead}>
        <SegmentedControl
          value={scope}
          onChange={(value) => setScope(value === 'all' ? 'all' : 'service')}
          data={[
            { value: 'service', label: `Only ${record.service || 'its stream'}` },
            { value: 'all', label: 'Everything' },
          ]}
        />
      </div>
      {error !== null && <ErrorNotice error={error} />}
      {isPending && <SkeletonRows rows={20} />}
      <ol className={styles.around}>
        {data?.records.map((other) => {
          const own = other.cursor === data.anchor;
          return (
            <li
              key={other.cursor}
              ref={own ? anchor : undefined}
              data-own={own || undefined}
              style={{ '--severity': `var(${severityToken(other.severity)})` } as CSSProperties}
            >
              <span className="faint num">
                {formatClock(millisecondsOf(other.time_ns), zone, true)}
              </span>
              {scope === 'all' && <span className="muted">{other.service}</span>}
              <span>{other.message}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
