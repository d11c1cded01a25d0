// Turns a time chart into uPlot's options: paths, axes, scales, stacking, gaps.
import uPlot from 'uplot';
import type { ValueFormat } from '@/format/quantity';
import type { Zone } from '@/time/time-range';
import { timeLabels, valueLabels } from './axis-format';
import type { ChartSeries, SeriesStyle } from './chart-series';
import { tokenColor, withAlpha } from './palette';
import type { PlotOptions } from './Plot';

export interface AxisOptions {
  format: ValueFormat;
  label?: string;
  min?: number | null;
  max?: number | null;
  softMin?: number | null;
  softMax?: number | null;
  /** Base of a logarithmic scale. */
  log?: 2 | 10 | null;
  hidden?: boolean;
  /** Zero in the middle. */
  centered?: boolean;
  /** Ticks at powers of two, for bytes. */
  binary?: boolean;
}

export interface PlotSetup {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  axes: { left: AxisOptions; right?: AxisOptions };
  zone: Zone;
  syncKey: string | null;
  hooks: uPlot.Hooks.Arrays;
  showTimeAxis: boolean;
}

// uPlot's enums exist as types only.
const LOGARITHMIC = 3 as uPlot.Scale.Distr;
const LEFT = 3 as uPlot.Axis.Side;
const RIGHT = 1 as uPlot.Axis.Side;

/** 1, 2, 4 … 512 of every power of 1024. */
const BINARY_INCREMENTS = Array.from({ length: 64 }, (_, power) => 2 ** power);

export function plotOptions(setup: PlotSetup): PlotOptions {
  const { axes, series } = setup;
  const scales: uPlot.Scales = {
    left: valueScale(axes.left, series, 'left'),
  };
  if (axes.right !== undefined) scales.right = valueScale(axes.right, series, 'right');
  return {
    padding: [
      8,
      axes.right === undefined ? 18 : 0,
      setup.showTimeAxis ? 0 : 4,
      setup.axes.left.hidden === true ? 8 : 0,
    ],
    legend: { show: false },
    scales,
    axes: [
      timeAxis(setup),
      valueAxis(axes.left, 'left'),
      ...(axes.right === undefined ? [] : [valueAxis(axes.right, 'right')]),
    ],
    series: [{}, ...series.map((entry) => plotSeries(entry, setup.hidden))],
    bands: stackBands(series, setup.hidden),
    cursor: cursor(setup.syncKey),
    hooks: setup.hooks,
  };
}

function cursor(syncKey: string | null): uPlot.Cursor {
  return {
    y: false,
    drag: { x: true, y: false, setScale: false },
    points: { size: 7, width: 1.5 },
    focus: { prox: 24 },
    ...(syncKey !== null && { sync: { key: syncKey, setSeries: false } }),
    // The page decides what a double click means: it knows the range from before the zoom.
    bind: { dblclick: () => () => null },
  };
}

function valueScale(
  axis: AxisOptions,
  series: readonly ChartSeries[],
  side: 'left' | 'right',
): uPlot.Scale {
  const fromZero = series.some(
    ({ style }) =>
      style.axis === side && (style.draw === 'bars' || style.stack !== null || style.fill > 0.05),
  );
  if (axis.log != null) return { distr: LOGARITHMIC, log: axis.log };
  return { range: (_plot, low, high) => valueRange(axis, low, high, fromZero) };
}

/** Fixed ends as given; free ends with some air, and at zero where areas and bars stand on it. */
export function valueRange(
  axis: AxisOptions,
  dataMin: number | null,
  dataMax: number | null,
  fromZero: boolean,
): [number, number] {
  let [low, high] = finiteEnds(
    Math.min(dataMin ?? Infinity, axis.softMin ?? Infinity),
    Math.max(dataMax ?? -Infinity, axis.softMax ?? -Infinity),
  );
  // Values near zero are read against it; values far from it would be squeezed flat.
  if (low > 0 && (fromZero || low < (high - low) * 0.6)) low = 0;
  if (high < 0 && fromZero) high = 0;
  if (axis.centered === true) [low, high] = [-Math.max(-low, high), Math.max(-low, high)];
  const air = (high - low) * 0.08;
  const bottom = low === 0 || low === axis.softMin ? low : low - air;
  const top = high === 0 || high === axis.softMax ? high : high + air;
  return [axis.min ?? (low > 0 ? Math.max(0, bottom) : bottom), axis.max ?? top];
}

/** Ends that are numbers and apart, whatever the data are. */
function finiteEnds(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    const known = Number.isFinite(low) ? low : Number.isFinite(high) ? high : 0;
    return [Math.min(0, known), Math.max(1, known)];
  }
  if (low < high) return [low, high];
  return low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
}

function timeAxis(setup: PlotSetup): uPlot.Axis {
  return {
    show: setup.showTimeAxis,
    stroke: tokenColor('--faint'),
    font: axisFont(),
    size: 26,
    gap: 5,
    space: 76,
    grid: { stroke: tokenColor('--grid'), width: 1 },
    ticks: { show: false },
    values: (_plot, splits, _index, _space, increment) => timeLabels(splits, increment, setup.zone),
  };
}

function valueAxis(axis: AxisOptions, scale: 'left' | 'right'): uPlot.Axis {
  return {
    show: axis.hidden !== true,
    scale,
    side: scale === 'left' ? LEFT : RIGHT,
    stroke: tokenColor('--faint'),
    font: axisFont(),
    gap: 6,
    space: 34,
    ...(axis.binary === true && { incrs: BINARY_INCREMENTS }),
    grid: scale === 'left' ? { stroke: tokenColor('--grid'), width: 1 } : { show: false },
    ticks: { show: false },
    ...(axis.label !== undefined &&
      axis.label !== '' && {
        label: axis.label,
        labelSize: 18,
        labelGap: 2,
        labelFont: axisFont(),
      }),
    size: (_plot, labels: string[] | null) =>
      Math.ceil(Math.max(18, ...(labels ?? []).map((label) => label.length * 6.4)) + 12),
    values: (_plot, splits) => logLabels(splits, axis),
  };
}

/** A logarithmic axis hands over `null` where a label would crowd. */
function logLabels(splits: readonly (number | null)[], axis: AxisOptions): string[] {
  if (axis.log == null) return valueLabels(splits as readonly number[], axis.format);
  return splits.map((value) => (value === null ? '' : axis.format(value)));
}

function axisFont(): string {
  return `11px ${tokenColor('--font-sans')}`;
}

function plotSeries(entry: ChartSeries, hidden: ReadonlySet<string>): uPlot.Series {
  const { style, color } = entry;
  const fill = style.draw === 'bars' ? Math.max(style.fill, 0.25) : style.fill;
  return {
    label: entry.name,
    scale: style.axis,
    show: !hidden.has(entry.key) && entry.hideFrom?.chart !== true,
    stroke: color,
    width: style.draw === 'points' ? 0 : style.width,
    ...(fill > 0 && { fill: style.gradient ? gradientFill(color, fill) : withAlpha(color, fill) }),
    ...(style.dash !== null && { dash: [...style.dash] }),
    spanGaps: style.bridge,
    ...paths(style),
    points: points(style),
  };
}

function gradientFill(color: string, opacity: number): (plot: uPlot) => CanvasGradient {
  return (plot) => {
    const { top, height } = plot.bbox;
    const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
    gradient.addColorStop(0, withAlpha(color, opacity));
    gradient.addColorStop(1, withAlpha(color, opacity * 0.1));
    return gradient;
  };
}

function paths(style: SeriesStyle): Pick<uPlot.Series, 'paths'> {
  const { bars, points: pointPaths, spline, stepped } = uPlot.paths;
  if (style.draw === 'points') return pointPaths === undefined ? {} : { paths: pointPaths() };
  if (style.draw === 'bars') {
    return bars === undefined ? {} : { paths: bars({ size: [0.82, 64, 1], align: 1 }) };
  }
  if (style.interpolation === 'smooth') return spline === undefined ? {} : { paths: spline() };
  if (style.interpolation === 'linear' || stepped === undefined) return {};
  return { paths: stepped({ align: style.interpolation === 'step-after' ? 1 : -1 }) };
}

function points(style: SeriesStyle): uPlot.Series.Points {
  if (style.draw === 'bars') return { show: false };
  if (style.draw === 'points') return { show: true, size: style.pointSize, width: 0 };
  if (style.points === 'always') return { show: true, size: style.pointSize, width: 0 };
  return { show: true, size: 4, width: 0, filter: lonePoints };
}

/** Values with a gap on both sides have no line to be seen by, so they get a point. */
function lonePoints(plot: uPlot, seriesIndex: number, show: boolean): number[] | null {
  if (!show) return null;
  const values = plot.data[seriesIndex] ?? [];
  const lone: number[] = [];
  for (let index = 0; index < values.length; index++) {
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null)
      lone.push(index);
  }
  return lone;
}

/** Fills the space between neighbours of a stack instead of everything down to the axis. */
function stackBands(series: readonly ChartSeries[], hidden: ReadonlySet<string>): uPlot.Band[] {
  const bands: uPlot.Band[] = [];
  const below = new Map<string, number>();
  series.forEach(({ style, key }, index) => {
    if (style.stack === null || hidden.has(key)) return;
    const previous = below.get(style.stack);
    if (previous !== undefined) bands.push({ series: [index + 1, previous + 1] });
    below.set(style.stack, index);
  });
  return bands;
}
