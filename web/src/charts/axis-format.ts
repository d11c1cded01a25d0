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

/** Labels for the values of ticks: as few digits as say the same as more would, and differ from each other. */
export function valueLabels(values: readonly number[], format: ValueFormat): string[] {
  const labelsWith = (digits: number) => values.map((value) => format(value, digits));
  let distinct: string[] | null = null;
  for (let digits = 3; digits <= 9; digits++) {
    const labels = labelsWith(digits);
    if (new Set(labels).size !== labels.length) continue;
    distinct ??= labels;
    const finer = labelsWith(digits + 2);
    if (labels.every((label, index) => trimZeros(label) === trimZeros(finer[index] ?? '')))
      return labels;
    // Odd scales never come out even; two digits more are all they get.
    if (digits >= 5) break;
  }
  return distinct ?? labelsWith(9);
}

/** `2.50 s` and `2.5 s` say the same. */
function trimZeros(label: string): string {
  return label.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '');
}
