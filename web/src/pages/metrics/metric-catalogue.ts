// The metrics there are, with what their exporters say about them.
import type { MetricMetadata } from '@/api/prometheus';

export interface Metric {
  name: string;
  type: string;
  help: string;
  unit: string;
}

/** Histograms and summaries are described under their base name but stored under these. */
const SUFFIX = /_(bucket|sum|count|total|created|info)$/;

export function catalogue(
  names: readonly string[],
  metadata: Readonly<Record<string, readonly MetricMetadata[]>>,
): Metric[] {
  return names.map((name) => {
    const [entry] = metadata[name] ?? metadata[name.replace(SUFFIX, '')] ?? [];
    return {
      name,
      type: entry?.type ?? 'unknown',
      help: entry?.help ?? '',
      unit: entry?.unit ?? '',
    };
  });
}

/** Metrics whose name or help contains every word, names first. */
export function findMetrics(metrics: readonly Metric[], text: string): Metric[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const named = (metric: Metric) => words.every((word) => metric.name.toLowerCase().includes(word));
  const told = (metric: Metric) =>
    words.every((word) => `${metric.name} ${metric.help}`.toLowerCase().includes(word));
  return [...metrics.filter(named), ...metrics.filter((metric) => !named(metric) && told(metric))];
}

/** The expressions people usually want of a metric, most useful first. */
export function usualQueries({ name, type }: Metric): { label: string; expr: string }[] {
  const plain = { label: 'Values', expr: name };
  if (name.endsWith('_bucket')) {
    const rate = `rate(${name}[1m])`;
    return [
      { label: '95th percentile', expr: `histogram_quantile(0.95, sum by (le) (${rate}))` },
      { label: 'Rate', expr: `sum(rate(${name.replace(/_bucket$/, '_count')}[1m]))` },
      plain,
    ];
  }
  if (type === 'counter' || /_(total|sum|count)$/.test(name)) {
    return [
      { label: 'Rate', expr: `rate(${name}[1m])` },
      { label: 'Sum of rates', expr: `sum(rate(${name}[1m]))` },
      plain,
    ];
  }
  return [
    plain,
    { label: 'Sum', expr: `sum(${name})` },
    { label: 'Average', expr: `avg(${name})` },
  ];
}
