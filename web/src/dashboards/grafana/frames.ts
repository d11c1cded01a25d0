// Answers of Prometheus as the frames Grafana's data source would make of them: names, labels, tables.
import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Labels, MatrixSeries, QueryData, VectorSeries } from '@/api/prometheus';
import { formatLegend, fullName, seriesNames } from '@/pages/metrics/series-names';
import type { Target } from '../schema';

export interface TargetAnswer {
  target: Target;
  /** The query with all variables put in. */
  expr: string;
  data: QueryData;
  stepMs: number;
}

/** A series in one shape, whether it came from an instant or a range. */
interface Points {
  metric: Labels;
  times: number[];
  values: (number | null)[];
}

export function framesOf(answers: readonly TargetAnswer[]): DataFrame[] {
  const tables = answers.filter(({ target }) => target.format === 'table').length;
  return answers.flatMap((answer) => {
    const points = pointsOf(answer.data, answer.stepMs);
    if (answer.target.format === 'table')
      return points.length === 0 ? [] : [tableFrame(answer, points, tables)];
    if (answer.target.format === 'heatmap') return heatmapFrames(answer, points);
    const names = legendsOf(
      answer,
      points.map(({ metric }) => metric),
    );
    return points.map((series, index) =>
      seriesFrame(answer.target.refId, names[index] ?? '', series),
    );
  });
}

function pointsOf(data: QueryData, stepMs: number): Points[] {
  switch (data.resultType) {
    case 'matrix':
      return data.result.map((series) => rangePoints(series, stepMs));
    case 'vector':
      return data.result.flatMap(instantPoint);
    default:
      return [{ metric: {}, times: [data.result[0] * 1000], values: [valueOf(data.result[1])] }];
  }
}

/** Steps without a sample are gaps, which lines must not bridge. */
function rangePoints({ metric, values = [] }: MatrixSeries, stepMs: number): Points {
  const points: Points = { metric, times: [], values: [] };
  let expected: number | null = null;
  for (const [seconds, text] of values) {
    const time = Math.round(seconds * 1000);
    if (expected !== null && time > expected + stepMs / 2) {
      points.times.push(expected);
      points.values.push(null);
    }
    points.times.push(time);
    points.values.push(valueOf(text));
    expected = time + stepMs;
  }
  return points;
}

function instantPoint({ metric, value }: VectorSeries): Points[] {
  return value === undefined
    ? []
    : [{ metric, times: [value[0] * 1000], values: [valueOf(value[1])] }];
}

/** Infinity and NaN are values in Prometheus; a frame holds them as numbers too. */
function valueOf(text: string): number | null {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}

function timeField(times: readonly number[]): Field {
  return { name: 'Time', type: FieldType.time, config: {}, values: [...times] };
}

function seriesFrame(refId: string, name: string, { metric, times, values }: Points): DataFrame {
  const { __name__, ...labels } = metric;
  return {
    refId,
    name,
    length: times.length,
    fields: [
      timeField(times),
      {
        name: 'Value',
        type: FieldType.number,
        labels,
        config: { displayNameFromDS: name },
        values,
      },
    ],
  };
}

/** One name for each series: by the legend, in full where it is empty, or by the labels that differ. */
function legendsOf(
  { target: { legend }, expr }: TargetAnswer,
  metrics: readonly Labels[],
): string[] {
  if (legend === '__auto') return seriesNames(metrics, '', expr);
  return metrics.map((metric) => {
    if (legend !== '') return formatLegend(legend, metric);
    return Object.keys(metric).length === 0 ? expr : fullName(metric);
  });
}

/** One row for each sample: its time, a column for each label, its value. */
function tableFrame(
  { target }: TargetAnswer,
  series: readonly Points[],
  tables: number,
): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const rows = series.flatMap(({ metric, times, values }) =>
    times.flatMap((time, index) =>
      values[index] == null ? [] : [{ metric, time, value: values[index] }],
    ),
  );
  return {
    refId: target.refId,
    length: rows.length,
    meta: { preferredVisualisationType: 'table' },
    fields: [
      timeField(rows.map(({ time }) => time)),
      ...labels.map((label): Field => ({
        name: label,
        type: FieldType.string,
        config: { filterable: true },
        values: rows.map(({ metric }) => metric[label] ?? ''),
      })),
      {
        name: tables > 1 ? `Value #${target.refId}` : 'Value',
        type: FieldType.number,
        config: {},
        values: rows.map(({ value }) => value),
      },
    ],
  };
}

const bound = (metric: Labels) => (metric.le === '+Inf' ? Infinity : Number(metric.le ?? 'NaN'));

/** Buckets in order, each with what lies between its bound and the one before. */
function heatmapFrames(answer: TargetAnswer, series: readonly Points[]): DataFrame[] {
  const sorted = [...series].sort((a, b) => bound(a.metric) - bound(b.metric));
  return sorted.map((points, index) => {
    const below = sorted[index - 1];
    const earlier = new Map(below?.times.map((time, at) => [time, below.values[at] ?? 0]) ?? []);
    const values = points.values.map((value, at) =>
      value === null ? null : Math.max(0, value - (earlier.get(points.times[at] ?? 0) ?? 0)),
    );
    return seriesFrame(answer.target.refId, points.metric.le ?? '', { ...points, values });
  });
}
