// Turns the answers of range queries into what a time chart draws.
import type { ExemplarSeries } from '@/api/prometheus';
import { type ChartSeries, LINE } from '@/charts/chart-series';
import { type Scheme, seriesColors } from '@/charts/palette';
import type { ChartExemplar } from '@/charts/plot-hooks';
import { matrixOf, parseValue, type SteppedRange, stepTimes, valuesAtSteps } from '@/charts/steps';
import { guessUnit, type Unit } from '@/format/quantity';
import { queryName } from './metrics-state';
import { fullName, seriesNames } from './series-names';
import type { QueryResult } from './use-metric-queries';

/** More lines than these nobody can tell apart, and the page would stall. */
export const MAX_SERIES = 200;
const EXEMPLAR_SLOTS = 120;
const EXEMPLARS_PER_SLOT = 3;

export interface MetricsChart {
  times: readonly number[];
  series: readonly ChartSeries[];
  total: number;
  unit: Unit;
}

export function chartOfResults(
  results: readonly QueryResult[],
  range: SteppedRange,
  options: { scheme: Scheme; stacked: boolean },
): MetricsChart {
  const times = stepTimes(range);
  const found = results.flatMap(({ query, answer }, index) => {
    const matrix = answer === undefined ? [] : matrixOf(answer.data);
    const names = seriesNames(
      matrix.map(({ metric }) => metric),
      query.legend,
      query.expr,
    );
    const many = results.filter((result) => result.answer !== undefined).length > 1;
    return matrix.map((series, at) => ({
      series,
      key: `${queryName(index)} ${fullName(series.metric)}`,
      name: many ? `${queryName(index)} ${names[at] ?? ''}` : (names[at] ?? ''),
    }));
  });
  const drawn = found.slice(0, MAX_SERIES);
  const colors = seriesColors(
    drawn.map(({ name }) => name),
    options.scheme,
  );
  const style = options.stacked
    ? { ...LINE, stack: 'all', fill: 0.25 }
    : { ...LINE, fill: drawn.length === 1 ? 0.1 : 0 };
  return {
    times,
    total: found.length,
    unit: commonUnit(results),
    series: drawn.map(({ series, key, name }) => ({
      key,
      name,
      color: colors.get(name) ?? '#888888',
      values: valuesAtSteps(series, range, times.length),
      style,
      labels: series.metric,
    })),
  };
}

function commonUnit(results: readonly QueryResult[]): Unit {
  const units = new Set(
    results.filter(({ answer }) => answer !== undefined).map(({ query }) => guessUnit(query.expr)),
  );
  return units.size === 1 ? ([...units][0] ?? 'short') : 'short';
}

const TRACE_LABELS = ['trace_id', 'traceID', 'traceId'];

/** Exemplars as points; where they crowd, the largest values of each moment are kept: the slow requests matter. */
export function exemplarPoints(
  series: readonly ExemplarSeries[],
  range: { startMs: number; endMs: number },
): ChartExemplar[] {
  const slotMs = Math.max(1, (range.endMs - range.startMs) / EXEMPLAR_SLOTS);
  const taken = new Map<number, number>();
  return series
    .flatMap(({ exemplars }) => exemplars)
    .map(({ labels, value, timestamp }) => ({
      timeMs: timestamp * 1000,
      value: parseValue(value) ?? 0,
      traceId: TRACE_LABELS.map((label) => labels[label]).find((id) => id !== undefined) ?? null,
      labels,
    }))
    .sort((a, b) => b.value - a.value)
    .filter(({ timeMs }) => {
      const slot = Math.floor(timeMs / slotMs);
      const count = taken.get(slot) ?? 0;
      taken.set(slot, count + 1);
      return count < EXEMPLARS_PER_SLOT;
    });
}
