// What the home page asks of the metrics: one range query per figure, grouped by one label.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryRange } from '@/api/prometheus';
import type { Values } from '@/charts/chart-series';
import {
  matrixOf,
  rateWindow,
  type SteppedRange,
  steppedRange,
  stepTimes,
  valuesAtSteps,
} from '@/charts/steps';
import { useTime } from '@/time/TimeContext';

/** A PromQL expression for a window of rate(). */
export type Figure = (window: string) => string;

export interface GroupedFigures<Name extends string> {
  /** Per value of the grouping label, the values of each figure over time. */
  groups: ReadonlyMap<string, Partial<Record<Name, Values>>>;
  loading: boolean;
  stale: boolean;
  error: unknown;
}

const POINTS = 60;

/** Runs the figures over the page's range and joins them by `label`. */
export function useGroupedFigures<Name extends string>(
  figures: Readonly<Record<Name, Figure>>,
  label: string,
): GroupedFigures<Name> {
  const { resolved } = useTime();
  const range = useMemo(() => steppedRange(resolved, POINTS, 5000), [resolved]);
  const window = rateWindow(range.stepMs);
  const names = Object.keys(figures) as Name[];
  const answers = useQueries({
    queries: names.map((name) => {
      const expression = figures[name](window);
      return {
        queryKey: ['home', expression, range],
        queryFn: ({ signal }: { signal: AbortSignal }) => queryRange(expression, range, signal),
      };
    }),
  });
  const groups = joinByLabel(
    names.map((name, index) => ({ name, data: answers[index]?.data?.data })),
    label,
    range,
  );
  return {
    groups,
    loading: answers.some((answer) => answer.isPending),
    stale: answers.some((answer) => answer.isPlaceholderData),
    error: answers.find((answer) => answer.error !== null)?.error ?? null,
  };
}

type FigureData<Name> = { name: Name; data: Parameters<typeof matrixOf>[0] | undefined }[];

function joinByLabel<Name extends string>(
  figures: FigureData<Name>,
  label: string,
  range: SteppedRange,
): Map<string, Partial<Record<Name, Values>>> {
  const count = stepTimes(range).length;
  const groups = new Map<string, Partial<Record<Name, Values>>>();
  for (const { name, data } of figures) {
    for (const series of data === undefined ? [] : matrixOf(data)) {
      const key = series.metric[label] ?? '';
      const group: Partial<Record<Name, Values>> = groups.get(key) ?? {};
      group[name] = valuesAtSteps(series, range, count);
      groups.set(key, group);
    }
  }
  return groups;
}

/** The newest value there is. */
export function lastValue(values: Values | undefined): number | null {
  for (let index = (values?.length ?? 0) - 1; index >= 0; index--) {
    const value = values?.[index];
    if (value != null) return value;
  }
  return null;
}
