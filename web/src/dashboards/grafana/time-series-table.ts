// The transformation timeSeriesTable: every series becomes a row with its labels and itself as a small chart.
import {
  type DataFrame,
  type DataTransformerInfo,
  type Field,
  FieldType,
  reduceField,
} from '@grafana/data';
import { map } from 'rxjs/operators';
import { object, text } from '../json';

/** A cell that holds a whole series and the value it sorts and reads by. */
export interface TrendValue {
  value: number | null;
  values: readonly (number | null)[];
}

/** Whether a column holds courses; core has a field type for it that expects whole frames. */
export function isTrendField({ type, values }: Field): boolean {
  const first: unknown = values[0];
  return (
    type === FieldType.other && typeof first === 'object' && first !== null && 'values' in first
  );
}

export const timeSeriesTable: DataTransformerInfo = {
  id: 'timeSeriesTable',
  name: 'Time series to table',
  description: 'A row for each series',
  defaultOptions: {},
  operator: (options: unknown) => (source) =>
    source.pipe(map((frames) => toTables(frames, options))),
};

function toTables(frames: readonly DataFrame[], options: unknown): DataFrame[] {
  const byQuery = new Map<string, DataFrame[]>();
  const others: DataFrame[] = [];
  for (const frame of frames) {
    if (!isSeries(frame)) others.push(frame);
    else byQuery.set(frame.refId ?? '', [...(byQuery.get(frame.refId ?? '') ?? []), frame]);
  }
  const tables = [...byQuery].map(([refId, series]) =>
    toTable(refId, series, object(object(options)[refId])),
  );
  return [...others, ...tables];
}

const isSeries = (frame: DataFrame) =>
  frame.fields.some(({ type }) => type === FieldType.time) &&
  frame.fields.some(({ type }) => type === FieldType.number);

function toTable(
  refId: string,
  series: readonly DataFrame[],
  options: ReturnType<typeof object>,
): DataFrame {
  const values = series.flatMap((frame) =>
    frame.fields.filter(({ type }) => type === FieldType.number),
  );
  const labels = [...new Set(values.flatMap((field) => Object.keys(field.labels ?? {})))];
  const stat = text(options.stat, 'lastNotNull');
  const trend = values.map((field) => ({
    value: statOf(field, stat),
    values: field.values as (number | null)[],
  }));
  return {
    refId,
    length: values.length,
    fields: [
      ...labels.map((label): Field => ({
        name: label,
        type: FieldType.string,
        config: {},
        values: values.map((field) => field.labels?.[label] ?? ''),
      })),
      { name: `Trend #${refId}`, type: FieldType.other, config: {}, values: trend },
    ],
  };
}

function statOf(field: Field, stat: string): number | null {
  const value: unknown = reduceField({ field, reducers: [stat] })[stat];
  return typeof value === 'number' ? value : null;
}
