// Where the exemplars of an expression are found, and where in its chart they stand.
import type { ExemplarSeries } from '@/api/prometheus';
import type { ChartSeries } from '@/charts/chart-series';
import type { FoundExemplars } from './use-exemplars';

/** What rules record: names of series and the expressions they are made from. */
export type Recordings = ReadonlyMap<string, readonly string[]>;

/** Rules built on rules are followed so far. */
const DEPTH_MAX = 4;

/** The expression itself, unless it only names recorded series, and the expressions behind those. */
export function exemplarSources(expr: string, recordings: Recordings, depth = 0): string[] {
  if (expr.trim() === '') return [];
  const words = metricWords(expr);
  const recorded = words.filter((word) => recordings.has(word));
  if (recorded.length === 0 || depth === DEPTH_MAX) return [expr];
  const behind = recorded
    .flatMap((name) => recordings.get(name) ?? [])
    .flatMap((query) => exemplarSources(query, recordings, depth + 1));
  return [...new Set([expr, ...behind])];
}

/** The words of an expression that could be names of metrics. */
function metricWords(expr: string): string[] {
  const bare = expr.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\{[^}]*\}/g, ' ');
  return [...new Set(bare.match(/[A-Za-z_:][\w:]*/g) ?? [])];
}

/** Exemplars of durations and sizes are on the scale of their quantiles; those of counts are not. */
export function isDistribution(expr: string): boolean {
  return /_bucket\b|histogram_/.test(expr);
}

/** Exemplars that are not on the scale of a chart stand on the line that has their labels. */
export function onTheirLines(
  found: readonly FoundExemplars[],
  times: readonly number[],
  lines: readonly ChartSeries[],
): ExemplarSeries[] {
  return found.flatMap(({ series, onScale }) => {
    if (onScale) return [series];
    const line = lines.find(({ labels }) =>
      Object.entries(labels ?? {}).every(
        ([name, value]) => name === '__name__' || series.seriesLabels[name] === value,
      ),
    );
    if (line === undefined) return [];
    const exemplars = series.exemplars.flatMap((exemplar) => {
      const value = valueAt(line, times, exemplar.timestamp);
      return value === null ? [] : [{ ...exemplar, value: String(value) }];
    });
    return [{ ...series, exemplars }];
  });
}

/** A line's value at the step nearest to a time, or at the one beside it. */
function valueAt(line: ChartSeries, times: readonly number[], seconds: number): number | null {
  const [first = 0, second = first + 1] = times;
  const index = Math.round((seconds - first) / (second - first));
  return line.values[index] ?? line.values[index + 1] ?? line.values[index - 1] ?? null;
}
