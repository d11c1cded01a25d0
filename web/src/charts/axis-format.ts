// Labels of axes: times by the distance of ticks, values with as many digits as tell them apart.
import type { ValueFormat } from '@/format/quantity';
import { formatClock, formatDay } from '@/time/format-time';
import type { Zone } from '@/time/time-range';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Labels for ticks at `times` (seconds) that lie `increment` seconds apart. */
export function timeLabels(times: readonly number[], increment: number, zone: Zone): string[] {
  return times.map((time) => {
    const ms = time * 1000;
    const clock = formatClock(ms, zone, increment < 1);
    if (increment < 60) return clock;
    const [, month = '1', day = ''] = formatDay(ms, zone).split('-');
    const date = `${day} ${MONTHS[Number(month) - 1] ?? ''}`;
    if (increment >= 86_400 || clock === '00:00:00') return date;
    return clock.slice(0, 5);
  });
}

/** Labels for the values of ticks: more digits until no two neighbours read the same. */
export function valueLabels(values: readonly number[], format: ValueFormat): string[] {
  let labels: string[] = [];
  for (let digits = 3; digits <= 9; digits++) {
    labels = values.map((value) => format(value, digits));
    if (new Set(labels).size === labels.length) return labels;
  }
  return labels;
}
