// The range of a panel that looks at another time than its dashboard.
import { parseInterval } from '@/dashboards/interval';
import type { Panel } from '@/dashboards/schema';
import { parseTime, type ResolvedRange, TimeError, type Zone } from '@/time/time-range';

export interface PanelRange {
  range: ResolvedRange;
  /** What to say about it beside the title; empty when it is the dashboard's. */
  note: string;
}

export function panelRange(
  { timeFrom, timeShift }: Pick<Panel, 'timeFrom' | 'timeShift'>,
  range: ResolvedRange,
  zone: Zone,
): PanelRange {
  const notes: string[] = [];
  let { startMs, endMs } = range;
  if (timeFrom !== '') {
    const start = startOf(timeFrom, endMs, zone);
    if (start !== null && start < endMs) {
      startMs = start;
      notes.push(`last ${timeFrom.replace(/^now-/, '')}`);
    }
  }
  const shift = parseInterval(timeShift);
  if (shift !== null && shift > 0) {
    startMs -= shift;
    endMs -= shift;
    notes.push(`shifted by ${timeShift}`);
  }
  return notes.length === 0
    ? { range, note: '' }
    : { range: { startMs, endMs }, note: notes.join(', ') };
}

function startOf(timeFrom: string, endMs: number, zone: Zone): number | null {
  try {
    return parseTime(timeFrom.startsWith('now') ? timeFrom : `now-${timeFrom}`, endMs, zone);
  } catch (error) {
    if (error instanceof TimeError) return null;
    throw error;
  }
}
