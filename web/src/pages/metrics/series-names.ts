// Names for the series of a query: what tells them apart, not what they share.
import type { Labels } from '@/api/prometheus';

/** `name{label="value"}` as PromQL writes it. */
export function fullName(metric: Labels): string {
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}

/** Replaces `{{label}}` by the label's value, as Grafana does: unknown labels stay empty. */
export function formatLegend(legend: string, metric: Labels): string {
  return legend.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_all, label: string) => metric[label] ?? '');
}

/** One name for each series: by the legend if given, else by the labels that differ between them. */
export function seriesNames(
  metrics: readonly Labels[],
  legend: string,
  fallback: string,
): string[] {
  if (legend !== '') return metrics.map((metric) => formatLegend(legend, metric));
  const [first] = metrics;
  if (first === undefined) return [];
  if (metrics.length === 1) return [Object.keys(first).length === 0 ? fallback : fullName(first)];
  const labels = [...new Set(metrics.flatMap((metric) => Object.keys(metric)))];
  const differing = labels.filter((label) =>
    metrics.some((metric) => metric[label] !== first[label]),
  );
  return metrics.map((metric) => {
    const kept = differing.filter((label) => metric[label] !== undefined);
    const [only] = kept;
    if (differing.length === 1 && only !== undefined) return metric[only] ?? '';
    return fullName(Object.fromEntries(kept.map((label) => [label, metric[label] ?? ''])));
  });
}
