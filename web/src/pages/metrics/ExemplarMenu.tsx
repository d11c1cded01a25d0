// The exemplars of a chart as a list, largest first, for those who do not point at them.
import { Menu } from '@mantine/core';
import type { ChartExemplar } from '@/charts/plot-hooks';
import { plural, type ValueFormat } from '@/format/quantity';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { formatClock } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import styles from './metrics.module.css';

const SHOWN_MAX = 15;

export function ExemplarMenu({
  exemplars,
  format,
}: {
  exemplars: readonly ChartExemplar[];
  format: ValueFormat;
}) {
  const { zone } = useTime();
  if (exemplars.length === 0) return null;
  const largest = [...exemplars].sort((a, b) => b.value - a.value || b.timeMs - a.timeMs);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={styles.exemplars}>
          {plural(exemplars.length, 'exemplar')}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The traces of</Menu.Label>
        {largest.slice(0, SHOWN_MAX).map(({ traceId, timeMs, value }) => (
          <Menu.Item
            key={`${traceId} ${timeMs}`}
            disabled={traceId === null}
            onClick={() => navigate(href(`/traces/${traceId}`))}
          >
            <span className="num">{format(value)}</span>{' '}
            <span className="faint num">{formatClock(timeMs, zone)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
