// What a time chart draws: series aligned to one list of times.
import type { Labels } from '@/api/prometheus';
import type { ValueFormat } from '@/format/quantity';

export type Values = readonly (number | null | undefined)[];

export interface SeriesStyle {
  draw: 'line' | 'bars' | 'points';
  interpolation: 'linear' | 'smooth' | 'step-before' | 'step-after';
  width: number;
  /** Opacity of the area below the line, 0 to 1. */
  fill: number;
  /** Whether the area fades towards the axis. */
  gradient: boolean;
  dash: readonly number[] | null;
  points: 'auto' | 'always' | 'never';
  pointSize: number;
  /** Series of one group are stacked on each other. */
  stack: string | null;
  axis: 'left' | 'right';
  /** Whether lines cross gaps. */
  bridge: boolean;
}

export const LINE: SeriesStyle = {
  draw: 'line',
  interpolation: 'linear',
  width: 1.25,
  fill: 0,
  gradient: false,
  dash: null,
  points: 'auto',
  pointSize: 4,
  stack: null,
  axis: 'left',
  bridge: false,
};

export interface ChartSeries {
  /** Unique within the chart; decides what is hidden. */
  key: string;
  name: string;
  color: string;
  values: Values;
  /** What legend and tooltip say where the chart draws something else: shares, or values turned downwards. */
  shown?: Values;
  style: SeriesStyle;
  /** Overrides the axis' format in legend and tooltip. */
  format?: ValueFormat;
  labels?: Labels;
  /** Where a click on the legend's name leads, if anywhere. */
  hideFrom?: { legend?: boolean; tooltip?: boolean; chart?: boolean };
}

/** Numbers the legend shows. */
export interface SeriesStats {
  last: number | null;
  min: number | null;
  max: number | null;
  mean: number | null;
  sum: number;
  count: number;
}

export function seriesStats(values: Values): SeriesStats {
  let last: number | null = null;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value == null || Number.isNaN(value)) continue;
    last = value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count++;
  }
  if (count === 0) return { last: null, min: null, max: null, mean: null, sum: 0, count: 0 };
  return { last, min, max, mean: sum / count, sum, count };
}

/**
 * Adds the series of each stacking group up, in order, positive and negative apart.
 * A gap in one series counts as nothing for those above it. A gap in a line stays a gap; a bar without
 * a value stands on those below it with no height, for the bars above must not reach through it.
 */
export function stackSeries(series: readonly ChartSeries[], hidden: ReadonlySet<string>): Values[] {
  const sums = new Map<string, number[]>();
  return series.map((entry) => {
    const { stack, draw } = entry.style;
    if (stack === null || hidden.has(entry.key)) return entry.values;
    return entry.values.map((given, index) => {
      const value = given == null && draw === 'bars' ? 0 : given;
      if (value == null || Number.isNaN(value)) return null;
      const group = `${stack} ${value < 0 ? 'below' : 'above'}`;
      const sum = sums.get(group) ?? sums.set(group, []).get(group) ?? [];
      sum[index] = (sum[index] ?? 0) + value;
      return sum[index];
    });
  });
}
