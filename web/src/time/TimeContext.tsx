// The one time range all pages share, its refresh, and what "now" was when the page last asked.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { usePlace, useSearchParams } from '@/router/location';
import { setParams } from '@/router/url-state';
import { defaultRefresh, parseRefresh, type Refresh } from './refresh';
import {
  absoluteRange,
  DEFAULT_RANGE,
  type RawRange,
  type ResolvedRange,
  resolveRange,
  shiftRange,
  TimeError,
  type Zone,
  zoomOutRange,
} from './time-range';

export interface TimeState {
  range: RawRange;
  resolved: ResolvedRange;
  /** Why the address's range cannot be read; the default range is in use then. */
  problem: string | null;
  zone: Zone;
  refresh: Refresh;
  setRange: (range: RawRange) => void;
  setZone: (zone: Zone) => void;
  setRefresh: (refresh: Refresh) => void;
  refreshNow: () => void;
  shift: (direction: -1 | 1) => void;
  zoomOut: () => void;
  /** Narrows the range to what was dragged over in a chart. */
  zoomTo: (startMs: number, endMs: number) => void;
  /** Back to the range from before the first of the zooms. */
  resetZoom: () => void;
}

const Context = createContext<TimeState | null>(null);

export function useTime(): TimeState {
  const state = useContext(Context);
  if (state === null) throw new Error('useTime needs a TimeProvider above it');
  return state;
}

export function TimeProvider({ children }: { children: ReactNode }) {
  const params = useSearchParams();
  const { enteredMs, path } = usePlace();
  const [refreshedMs, setRefreshedMs] = useState(enteredMs);
  const [beforeZoom, setBeforeZoom] = useState<RawRange | null>(null);
  const from = params.get('from') ?? DEFAULT_RANGE.from;
  const to = params.get('to') ?? DEFAULT_RANGE.to;
  const zone: Zone = params.get('tz') === 'utc' ? 'utc' : 'local';
  const refresh = parseRefresh(params.get('refresh'), defaultRefresh(path));
  const intervalMs = refresh.ms;

  useEffect(() => {
    if (intervalMs === 0) return;
    // A hidden page asks for nothing; it catches up with the first tick after it is seen again.
    const timer = setInterval(() => {
      if (!document.hidden) setRefreshedMs(Date.now());
    }, intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);

  const nowMs = Math.max(enteredMs, refreshedMs);
  const state = useMemo<TimeState>(() => {
    const range = { from, to };
    const { resolved, problem } = resolveOrDefault(range, nowMs, zone);
    const setRange = (next: RawRange, zoomedFrom: RawRange | null = null) => {
      setRefreshedMs(Date.now());
      setBeforeZoom(zoomedFrom);
      setParams({ from: next.from, to: next.to });
    };
    return {
      range,
      resolved,
      problem,
      zone,
      refresh,
      setRange: (next) => setRange(next),
      setZone: (next) => setParams({ tz: next === 'utc' ? 'utc' : null }, { replace: true }),
      setRefresh: (next) =>
        setParams({ refresh: next === defaultRefresh(path) ? null : next.name }),
      refreshNow: () => setRefreshedMs(Date.now()),
      shift: (direction) => setRange(shiftRange(resolved, direction, Date.now())),
      zoomOut: () => setRange(zoomOutRange(range, resolved, Date.now())),
      zoomTo: (startMs, endMs) => setRange(absoluteRange(startMs, endMs), beforeZoom ?? range),
      resetZoom: () => setRange(beforeZoom ?? zoomOutRange(range, resolved, Date.now())),
    };
  }, [from, to, zone, refresh, path, nowMs, beforeZoom]);
  return <Context value={state}>{children}</Context>;
}

function resolveOrDefault(
  range: RawRange,
  nowMs: number,
  zone: Zone,
): { resolved: ResolvedRange; problem: string | null } {
  try {
    return { resolved: resolveRange(range, nowMs, zone), problem: null };
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
    return { resolved: resolveRange(DEFAULT_RANGE, nowMs, zone), problem: error.message };
  }
}
