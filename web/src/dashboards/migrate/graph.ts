// The graph panel of Grafana 1 to 8 as a time series panel.
import { flag, type Json, list, number, object, objects, text } from '../json';
import { calcName } from './field-options';

interface Property {
  id: string;
  value: unknown;
}

interface Override {
  matcher: { id: string; options: unknown };
  properties: Property[];
}

export function graphToTimeSeries(panel: Json): Json {
  const mode = text(object(panel.xaxis).mode);
  // Bars by series and histograms are panels of their own today.
  if (mode === 'series') return { ...panel, type: 'barchart' };
  if (mode === 'histogram') return { ...panel, type: 'histogram' };
  const [left = {}, right = {}] = axesOf(panel);
  return {
    ...panel,
    type: 'timeseries',
    fieldConfig: {
      defaults: { ...defaultsOf(panel, left), custom: customOf(panel, left) },
      overrides: [
        ...colorOverrides(panel),
        ...objects(panel.seriesOverrides).flatMap((rule) => seriesOverride(rule, right)),
      ],
    },
    options: { legend: legendOf(panel), tooltip: tooltipOf(panel) },
  };
}

/** Left and right axis; before schema 12 their parts lay apart. */
function axesOf(panel: Json): Json[] {
  const axes = objects(panel.yaxes);
  if (axes.length > 0) return axes;
  const [leftFormat, rightFormat] = list(panel.y_formats);
  const grid = object(panel.grid);
  const base = { logBase: 1, show: panel['y-axis'] !== false };
  return [
    {
      ...base,
      format: leftFormat,
      label: panel.leftYAxisLabel,
      min: grid.leftMin,
      max: grid.leftMax,
      logBase: grid.leftLogBase,
    },
    {
      ...base,
      format: rightFormat,
      label: panel.rightYAxisLabel,
      min: grid.rightMin,
      max: grid.rightMax,
      logBase: grid.rightLogBase,
    },
  ];
}

function defaultsOf(panel: Json, axis: Json): Json {
  const steps = thresholdSteps(panel);
  return {
    unit: text(axis.format, 'short'),
    decimals: number(panel.decimals) ?? number(axis.decimals) ?? undefined,
    min: number(axis.min) ?? undefined,
    max: number(axis.max) ?? undefined,
    color: { mode: 'palette-classic' },
    links: objects(object(panel.options).dataLinks),
    ...(steps.length > 1 && { thresholds: { mode: 'absolute', steps } }),
  };
}

function customOf(panel: Json, axis: Json): Json {
  const lines = flag(panel.lines, true);
  const bars = flag(panel.bars);
  const points = flag(panel.points);
  const stacked = flag(panel.stack);
  const log = number(axis.logBase) ?? 1;
  return {
    drawStyle: bars ? 'bars' : lines ? 'line' : points ? 'points' : 'line',
    lineInterpolation: flag(panel.steppedLine) ? 'stepAfter' : 'linear',
    lineWidth: number(panel.linewidth) ?? 1,
    fillOpacity: (number(panel.fill) ?? 1) * 10,
    gradientMode: (number(panel.fillGradient) ?? 0) > 0 ? 'opacity' : 'none',
    showPoints: points ? 'always' : 'never',
    pointSize: (number(panel.pointradius) ?? 2) * 2,
    spanNulls: panel.nullPointMode === 'connected',
    lineStyle: dashes(panel),
    stacking: {
      mode: stacked ? (flag(panel.percentage) ? 'percent' : 'normal') : 'none',
      group: 'A',
    },
    axisLabel: text(axis.label),
    axisPlacement: axis.show === false ? 'hidden' : 'auto',
    scaleDistribution: log > 1 ? { type: 'log', log } : { type: 'linear' },
    thresholdsStyle: { mode: thresholdMode(panel) },
  };
}

function dashes(source: Json): Json {
  if (!flag(source.dashes)) return { fill: 'solid' };
  return {
    fill: 'dash',
    dash: [number(source.dashLength) ?? 10, number(source.spaceLength) ?? 10],
  };
}

const THRESHOLD_COLORS: Readonly<Record<string, string>> = {
  critical: 'red',
  warning: 'orange',
  ok: 'green',
};

function thresholdSteps(panel: Json): { value: number; color: string }[] {
  const thresholds = objects(panel.thresholds)
    .map((threshold) => ({
      value: number(threshold.value),
      above: text(threshold.op, 'gt') !== 'lt',
      color: THRESHOLD_COLORS[text(threshold.colorMode)] ?? text(threshold.lineColor, 'red'),
    }))
    .filter(
      (threshold): threshold is { value: number; above: boolean; color: string } =>
        threshold.value !== null,
    )
    .sort((a, b) => a.value - b.value);
  const steps = [
    { value: -Infinity, color: thresholds.find(({ above }) => !above)?.color ?? 'transparent' },
  ];
  for (const { value, above, color } of thresholds)
    steps.push({ value, color: above ? color : 'transparent' });
  return steps;
}

function thresholdMode(panel: Json): string {
  const thresholds = objects(panel.thresholds).filter(
    (threshold) => number(threshold.value) !== null,
  );
  if (thresholds.length === 0) return 'off';
  const line = thresholds.some((threshold) => flag(threshold.line));
  const fill = thresholds.some((threshold) => flag(threshold.fill));
  return line && fill ? 'line+area' : fill ? 'area' : line ? 'line' : 'off';
}

function legendOf(panel: Json): Json {
  const legend = object(panel.legend);
  const calcs = ['current', 'min', 'max', 'avg', 'total']
    .filter((calc) => flag(legend[calc]))
    .map(calcName);
  return {
    showLegend: flag(legend.show, true),
    displayMode: flag(legend.alignAsTable) ? 'table' : 'list',
    placement: flag(legend.rightSide) ? 'right' : 'bottom',
    calcs: flag(legend.values) ? calcs : [],
    sortBy: sortName(text(legend.sort)),
    sortDesc: flag(legend.sortDesc),
  };
}

function sortName(sort: string): string | undefined {
  return { current: 'Last *', min: 'Min', max: 'Max', avg: 'Mean', total: 'Total' }[sort];
}

function tooltipOf(panel: Json): Json {
  const tooltip = object(panel.tooltip);
  const sort = number(tooltip.sort) ?? 0;
  return {
    mode: flag(tooltip.shared, true) ? 'multi' : 'single',
    sort: sort === 1 ? 'asc' : sort === 2 ? 'desc' : 'none',
  };
}

function colorOverrides(panel: Json): Override[] {
  return Object.entries(object(panel.aliasColors)).map(([name, color]) => ({
    matcher: { id: 'byName', options: name },
    properties: [fixedColor(color)],
  }));
}

const fixedColor = (color: unknown): Property => ({
  id: 'color',
  value: { mode: 'fixed', fixedColor: color },
});

function seriesOverride(rule: Json, right: Json): Override[] {
  const alias = text(rule.alias);
  if (alias === '') return [];
  const regex = /^\/.*\/[a-z]*$/.test(alias);
  const properties = Object.entries(rule).flatMap(
    ([name, value]) => OVERRIDES[name]?.(value, rule, right) ?? [],
  );
  if (properties.length === 0) return [];
  return [{ matcher: { id: regex ? 'byRegexp' : 'byName', options: alias }, properties }];
}

type ReadProperties = (value: unknown, rule: Json, right: Json) => Property[];

const one = (id: string, value: unknown): Property[] => [{ id, value }];

const hideFrom = (place: 'viz' | 'legend' | 'tooltip'): Property[] =>
  one('custom.hideFrom', { viz: false, legend: false, tooltip: false, [place]: true });

/** What each key of a series override says today. */
const OVERRIDES: Readonly<Record<string, ReadProperties>> = {
  color: (value) => [fixedColor(value)],
  fill: (value) => one('custom.fillOpacity', (number(value) ?? 1) * 10),
  linewidth: (value) => one('custom.lineWidth', number(value) ?? 1),
  pointradius: (value) => one('custom.pointSize', (number(value) ?? 2) * 2),
  transform: (value) => (value === 'negative-Y' ? one('custom.transform', 'negative-Y') : []),
  stack: (value) => one('custom.stacking', stackingOf(value)),
  bars: (value) => (value === true ? one('custom.drawStyle', 'bars') : []),
  points: (value) => one('custom.showPoints', value === true ? 'always' : 'never'),
  lines: (value) =>
    value === false ? one('custom.lineWidth', 0) : one('custom.drawStyle', 'line'),
  steppedLine: (value) => one('custom.lineInterpolation', value === true ? 'stepAfter' : 'linear'),
  dashes: (_value, rule) => one('custom.lineStyle', dashes(rule)),
  nullPointMode: (value) => one('custom.spanNulls', value === 'connected'),
  yaxis: (value, _rule, right) => (number(value) === 2 ? rightAxis(right) : []),
  hiddenSeries: (value) => (value === true ? hideFrom('viz') : []),
  legend: (value) => (value === false ? hideFrom('legend') : []),
  hideTooltip: (value) => (value === true ? hideFrom('tooltip') : []),
};

function stackingOf(value: unknown): Json {
  if (value === false) return { mode: 'none', group: 'A' };
  return { mode: 'normal', group: typeof value === 'string' ? value : 'A' };
}

function rightAxis(axis: Json): Property[] {
  const limits = (['min', 'max', 'decimals'] as const).flatMap((id) => {
    const value = number(axis[id]);
    return value === null ? [] : [{ id, value }];
  });
  const label = text(axis.label);
  return [
    { id: 'custom.axisPlacement', value: 'right' },
    { id: 'unit', value: text(axis.format, 'short') },
    ...limits,
    ...(label === '' ? [] : [{ id: 'custom.axisLabel', value: label }]),
  ];
}
