// The distance between the points of a range query, and points laid on a shared time axis.
import type { MatrixSeries, QueryData } from '@/api/prometheus';
import type { ResolvedRange } from '@/time/time-range';
import type { Values } from './chart-series';

const STEPS_S = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800,
];

export interface SteppedRange {
  /** Multiples of the step, so that a refresh moves no point. */
  startMs: number;
  endMs: number;
  stepMs: number;
}

/** A readable step that gives at most `points` points. */
export function steppedRange(range: ResolvedRange, points: number, minStepMs = 1000): SteppedRange {
  const wanted = Math.max((range.endMs - range.startMs) / Math.max(1, points), minStepMs) / 1000;
  const stepMs =
    (STEPS_S.find((step) => step >= wanted) ?? Math.ceil(wanted / 604_800) * 604_800) * 1000;
  return alignRange(range, stepMs);
}

export function alignRange(range: ResolvedRange, stepMs: number): SteppedRange {
  const startMs = Math.floor(range.startMs / stepMs) * stepMs;
  return { startMs, endMs: Math.max(startMs, Math.floor(range.endMs / stepMs) * stepMs), stepMs };
}

/** A window for rate() that always holds some samples: four scrapes of fifteen seconds, or the step. */
export function rateWindow(stepMs: number): string {
  return `${Math.max(60, Math.ceil(stepMs / 1000))}s`;
}

/** The moments of a stepped range, in seconds. */
export function stepTimes({ startMs, endMs, stepMs }: SteppedRange): number[] {
  const count = Math.floor((endMs - startMs) / stepMs) + 1;
  return Array.from({ length: count }, (_, index) => (startMs + index * stepMs) / 1000);
}

/** A series' values at the moments of the range; moments without a sample are gaps. */
export function valuesAtSteps(series: MatrixSeries, range: SteppedRange, count: number): Values {
  const values = new Array<number | null>(count).fill(null);
  for (const [seconds, text] of series.values ?? []) {
    const index = Math.round((seconds * 1000 - range.startMs) / range.stepMs);
    if (index >= 0 && index < count) values[index] = parseValue(text);
  }
  return values;
}

/** A sample's value; NaN is a gap, for there is nothing to draw. */
export function parseValue(text: string): number | null {
  const value = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
  return Number.isNaN(value) ? null : value;
}

export function matrixOf(data: QueryData): MatrixSeries[] {
  return data.resultType === 'matrix' ? data.result : [];
}
