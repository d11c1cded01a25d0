// From frames to the series of a time chart, by Grafana's field options.
import type { AxisOptions } from '@/charts/plot-options';
import { type ChartSeries, LINE, type SeriesStyle } from '@/charts/chart-series';
import { type Scheme, seriesColors } from '@/charts/palette';
import type { ChartThresholds } from '@/charts/plot-hooks';
import {
  type DataFrame,
  type Field,
  fieldColor,
  fieldFormat,
  fieldName,
  FieldType,
  isPaletteColor,
} from '../grafana/display';
import { colorByName } from '../grafana/process';
import { flag, type Json, list, number, object, objects, text } from '../json';

export interface TimeSeriesModel {
  times: readonly number[];
  series: readonly ChartSeries[];
  /** The field behind each series, for legends that reduce it. */
  fields: ReadonlyMap<string, Field>;
  axes: { left: AxisOptions; right?: AxisOptions };
  thresholds: ChartThresholds | null;
}

interface Entry {
  frame: DataFrame;
  time: Field;
  field: Field;
  name: string;
  custom: Json;
}

export function timeSeriesModel(frames: DataFrame[], scheme: Scheme): TimeSeriesModel {
  const entries = frames.flatMap((frame) => entriesOf(frame, frames));
  const times = [...new Set(entries.flatMap(({ time }) => time.values as number[]))].sort(
    (a, b) => a - b,
  );
  const indexOf = new Map(times.map((time, index) => [time, index]));
  const sides = axisSides(entries);
  const palette = seriesColors(
    entries.filter(({ field }) => isPaletteColor(field)).map(({ name }) => name),
    scheme,
  );
  const series = entries.map((entry, index) =>
    toSeries(entry, index, sides[index] ?? 'left', indexOf, palette, scheme),
  );
  return {
    times: times.map((time) => time / 1000),
    series: asPercent(series),
    fields: new Map(entries.map(({ field, name }, index) => [seriesKey(index, name), field])),
    axes: axesOf(entries, sides),
    thresholds: thresholdsOf(entries[0], scheme),
  };
}

function entriesOf(frame: DataFrame, frames: DataFrame[]): Entry[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  if (time === undefined) return [];
  return frame.fields
    .filter(({ type }) => type === FieldType.number || type === FieldType.boolean)
    .map((field) => ({
      frame,
      time,
      field,
      name: fieldName(field, frame, frames),
      custom: object(field.config.custom),
    }));
}

/** Names may repeat; the place among the series does not. */
const seriesKey = (index: number, name: string) => `${index} ${name}`;

/** Where each series' scale stands: by choice, else the first unit left and the others right. */
function axisSides(entries: readonly Entry[]): ('left' | 'right')[] {
  const wanted = entries.map(({ custom }) => text(custom.axisPlacement, 'auto'));
  const firstUnit = entries.find((_entry, index) => wanted[index] !== 'right')?.field.config.unit;
  const sides = entries.map(({ field }, index) => {
    if (wanted[index] === 'right') return 'right';
    if (wanted[index] === 'left' || wanted[index] === 'hidden') return 'left';
    return field.config.unit === firstUnit ? 'left' : 'right';
  });
  return sides.includes('left') ? sides : sides.map(() => 'left');
}

function toSeries(
  entry: Entry,
  index: number,
  axis: 'left' | 'right',
  indexOf: ReadonlyMap<number, number>,
  palette: ReadonlyMap<string, string>,
  scheme: Scheme,
): ChartSeries {
  const { field, custom, time, name } = entry;
  const hide = object(custom.hideFrom);
  const values = alignedValues(field, time, indexOf, custom);
  const downwards = custom.transform === 'negative-Y';
  return {
    key: seriesKey(index, name),
    name,
    color: (isPaletteColor(field) ? palette.get(name) : undefined) ?? fieldColor(field, scheme),
    values: downwards ? values.map((value) => (value == null ? value : -value)) : values,
    ...(downwards && { shown: values }),
    style: styleOf(custom, axis),
    format: fieldFormat(field),
    ...(field.labels !== undefined && { labels: field.labels }),
    hideFrom: { legend: flag(hide.legend), tooltip: flag(hide.tooltip), chart: flag(hide.viz) },
  };
}

/**
 * A field's values at the moments of all series. A moment only other series have stays a hole, which a line
 * crosses; a moment without a value is null, a gap.
 */
function alignedValues(
  field: Field,
  time: Field,
  indexOf: ReadonlyMap<number, number>,
  custom: Json,
): (number | null | undefined)[] {
  const values = new Array<number | null | undefined>(indexOf.size);
  const lowest = text(object(custom.scaleDistribution).type) === 'log' ? 0 : -Infinity;
  time.values.forEach((at: number, position: number) => {
    const value: unknown = field.values[position];
    const known = typeof value === 'boolean' ? Number(value) : value;
    const drawable = typeof known === 'number' && Number.isFinite(known) && known > lowest;
    values[indexOf.get(at) ?? 0] = drawable ? known : null;
  });
  if (typeof custom.spanNulls === 'number') {
    bridgeGaps(values, [...indexOf.keys()], custom.spanNulls);
  }
  return values;
}

/** Turns gaps of at most `limitMs` into nothing, which a line crosses. */
function bridgeGaps(
  values: (number | null | undefined)[],
  times: readonly number[],
  limitMs: number,
): void {
  let before = -1;
  for (let index = 0; index < values.length; index++) {
    if (values[index] == null) continue;
    const gapMs = before < 0 ? Infinity : (times[index] ?? 0) - (times[before] ?? 0);
    if (gapMs <= limitMs) values.fill(undefined, before + 1, index);
    before = index;
  }
}

/** Series of one group and axis are stacked together; `false` is a group of its own. */
function stackName({ group, mode }: Json, axis: string): string {
  return `${JSON.stringify(group ?? 'A')} ${axis} ${mode === 'percent' ? '%' : ''}`;
}

const INTERPOLATIONS: Readonly<Record<string, SeriesStyle['interpolation']>> = {
  smooth: 'smooth',
  stepBefore: 'step-before',
  stepAfter: 'step-after',
};

function styleOf(custom: Json, axis: 'left' | 'right'): SeriesStyle {
  const draw = text(custom.drawStyle, 'line');
  const stacking = object(custom.stacking);
  const stacked = stacking.mode === 'normal' || stacking.mode === 'percent';
  const line = object(custom.lineStyle);
  const dash = list(line.dash).map((length) => number(length) ?? 0);
  const showPoints = text(custom.showPoints, 'auto');
  return {
    ...LINE,
    draw: draw === 'bars' || draw === 'points' ? draw : 'line',
    interpolation: INTERPOLATIONS[text(custom.lineInterpolation)] ?? 'linear',
    width: number(custom.lineWidth) ?? 1,
    fill: (number(custom.fillOpacity) ?? 0) / 100,
    gradient: custom.gradientMode === 'opacity' || custom.gradientMode === 'hue',
    dash:
      line.fill === 'dash' || line.fill === 'dot'
        ? dash.length > 0
          ? dash
          : line.fill === 'dot'
            ? [0, 10]
            : [10, 10]
        : null,
    points: showPoints === 'always' || showPoints === 'never' ? showPoints : 'auto',
    pointSize: number(custom.pointSize) ?? 5,
    stack: stacked ? stackName(stacking, axis) : null,
    axis,
    bridge: custom.spanNulls === true,
  };
}

/** Series stacked to a whole are shares of it at every moment. */
function asPercent(series: readonly ChartSeries[]): ChartSeries[] {
  const groups = new Map<string, number[]>();
  for (const { style, values } of series) {
    if (style.stack?.endsWith('%') !== true) continue;
    const sums = groups.get(style.stack) ?? [];
    values.forEach((value, index) => (sums[index] = (sums[index] ?? 0) + Math.abs(value ?? 0)));
    groups.set(style.stack, sums);
  }
  if (groups.size === 0) return [...series];
  return series.map((entry) => {
    const sums = groups.get(entry.style.stack ?? '');
    if (sums === undefined) return entry;
    const values = entry.values.map((value, index) =>
      value == null ? value : (100 * value) / Math.max(sums[index] ?? 0, Number.MIN_VALUE),
    );
    return { ...entry, values, shown: entry.shown ?? entry.values };
  });
}

function axesOf(
  entries: readonly Entry[],
  sides: readonly ('left' | 'right')[],
): TimeSeriesModel['axes'] {
  const on = (side: 'left' | 'right') => entries.filter((_entry, index) => sides[index] === side);
  const right = on('right');
  return { left: axisOf(on('left')), ...(right.length > 0 && { right: axisOf(right) }) };
}

const BINARY_UNITS = new Set([
  'bytes',
  'binBps',
  'bits',
  'binbps',
  'kbytes',
  'mbytes',
  'gbytes',
  'kibytes',
]);

/** One axis for all series of a side: the first says how it reads, limits come from whoever sets them. */
function axisOf(entries: readonly Entry[]): AxisOptions {
  const [first] = entries;
  if (first === undefined) return { format: String };
  const { config } = first.field;
  const { custom } = first;
  const scale = object(custom.scaleDistribution);
  const log = scale.type === 'log' ? (number(scale.log) === 2 ? 2 : 10) : null;
  const percent = object(custom.stacking).mode === 'percent';
  const format = fieldFormat(first.field);
  const mirrored = entries.some((entry) => entry.custom.transform === 'negative-Y');
  const ends = (key: 'min' | 'max') =>
    entries.map(({ field }) => field.config[key]).find((value) => typeof value === 'number') ??
    null;
  return {
    format: percent
      ? (value) => `${value} %`
      : mirrored
        ? (value, digits) => format(Math.abs(value), digits)
        : format,
    label: text(custom.axisLabel),
    min: percent ? 0 : ends('min'),
    max: percent ? 100 : ends('max'),
    softMin: number(custom.axisSoftMin),
    softMax: number(custom.axisSoftMax),
    log,
    hidden: entries.every((entry) => entry.custom.axisPlacement === 'hidden'),
    centered: flag(custom.axisCenteredZero),
    binary: BINARY_UNITS.has(config.unit ?? ''),
  };
}

function thresholdsOf(first: Entry | undefined, scheme: Scheme): ChartThresholds | null {
  const mode = text(object(first?.custom.thresholdsStyle).mode, 'off');
  const thresholds = object(first?.field.config.thresholds);
  if (mode === 'off' || mode === 'series' || first === undefined) return null;
  const { min = 0, max = 0 } = first.field.state?.range ?? {};
  const percentage = thresholds.mode === 'percentage';
  const steps = objects(thresholds.steps).map((step) => {
    const value = typeof step.value === 'number' ? step.value : -Infinity;
    const share = (min ?? 0) + ((max ?? 0) - (min ?? 0)) * (value / 100);
    return {
      value: percentage && Number.isFinite(value) ? share : value,
      color: colorByName(text(step.color, 'green'), scheme),
    };
  });
  return { steps, line: /line|dashed/.test(mode), area: mode.includes('area') };
}
