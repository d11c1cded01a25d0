// What of a trace is shown, as it stands in the address.
import type { UrlCodec } from '@/router/url-state';

export interface TraceView {
  span: string | null;
  collapsed: readonly string[];
  /** The part of the trace's time in sight, as fractions of its duration. */
  window: Window;
  tab: 'spans' | 'logs';
  find: string;
}

export interface Window {
  start: number;
  end: number;
}

export const WHOLE: Window = { start: 0, end: 1 };
/** A window may not become so narrow that a bar's edges cannot be told apart. */
const MIN_WINDOW = 1e-6;

export const traceViewCodec: UrlCodec<TraceView> = {
  decode: (params) => ({
    span: params.get('span'),
    collapsed: params.getAll('fold'),
    window: parseWindow(params.get('view')),
    tab: params.get('tab') === 'logs' ? 'logs' : 'spans',
    find: params.get('find') ?? '',
  }),
  encode: ({ span, collapsed, window, tab, find }) => ({
    span,
    fold: collapsed,
    view:
      window.start === 0 && window.end === 1 ? null : `${short(window.start)}-${short(window.end)}`,
    tab: tab === 'logs' ? 'logs' : null,
    find,
  }),
};

const short = (fraction: number) => String(Number(fraction.toPrecision(6)));

function parseWindow(text: string | null): Window {
  const match = /^([\d.]+(?:e-\d+)?)-([\d.]+(?:e-\d+)?)$/.exec(text ?? '');
  if (match === null) return WHOLE;
  return clampWindow({ start: Number(match[1]), end: Number(match[2]) });
}

export function clampWindow({ start, end }: Window): Window {
  const low = Math.max(0, Math.min(start, end));
  const high = Math.min(1, Math.max(start, end));
  return high - low < MIN_WINDOW ? WHOLE : { start: low, end: high };
}

/** Where a span's bar lies in the window: percentages, which may lie outside of 0 to 100. */
export function barIn(
  window: Window,
  durationUs: number,
  startUs: number,
  lengthUs: number,
): { left: number; width: number } {
  const span = Math.max(1, durationUs);
  const size = window.end - window.start;
  return {
    left: ((startUs / span - window.start) / size) * 100,
    width: (lengthUs / span / size) * 100,
  };
}

/** Round moments for the ruler: about `count` of them within the window, in microseconds. */
export function rulerTicks(window: Window, durationUs: number, count: number): number[] {
  const from = window.start * durationUs;
  const to = window.end * durationUs;
  const rough = (to - from) / count;
  if (rough <= 0) return [0];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
