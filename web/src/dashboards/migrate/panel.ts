// One panel of any age: old types become the ones that took their place, then all are read alike.
import type { DataTransformerConfig } from '@grafana/data';
import { flag, isObject, type Json, list, number, object, objects, text } from '../json';
import { GRID_COLUMNS, type GridPos, type Panel, type PanelLink } from '../schema';
import { readFieldConfig } from './field-config';
import { graphToTimeSeries } from './graph';
import { fieldOptionsToFieldConfig } from './field-options';
import { singleStatToStat } from './singlestat';
import { tableOldToTable } from './table-old';
import { readDatasource, readTarget } from './target';

/** What turns a panel of an old type, or of an old version of a type, into its present form. */
const MIGRATIONS: Readonly<Record<string, (panel: Json) => Json>> = {
  graph: graphToTimeSeries,
  singlestat: singleStatToStat,
  'grafana-singlestat-panel': singleStatToStat,
  'table-old': tableOldToTable,
  table: (panel) => (Array.isArray(panel.styles) ? tableOldToTable(panel) : panel),
  stat: fieldOptionsToFieldConfig,
  gauge: fieldOptionsToFieldConfig,
  bargauge: fieldOptionsToFieldConfig,
  text: textOptions,
  'grafana-piechart-panel': pieChart,
};

export function migratePanel(raw: Json): Panel {
  const panel = (MIGRATIONS[text(raw.type)] ?? ((same: Json) => same))(raw);
  const targets = objects(panel.targets).map(readTarget);
  return {
    id: number(panel.id) ?? 0,
    type: text(panel.type, 'unknown'),
    title: text(panel.title),
    description: text(panel.description),
    gridPos: readGridPos(object(panel.gridPos), text(panel.type)),
    transparent: flag(panel.transparent),
    datasource: readDatasource(panel.datasource),
    targets,
    fieldConfig: readFieldConfig(panel.fieldConfig),
    options: object(panel.options),
    transformations: objects(panel.transformations)
      .filter((step) => !flag(step.disabled))
      .map(readTransformation),
    links: objects(panel.links).map(readPanelLink),
    interval: text(panel.interval),
    maxDataPoints: number(panel.maxDataPoints),
    timeFrom: text(panel.timeFrom),
    timeShift: text(panel.timeShift),
    repeat: text(panel.repeat) === '' ? null : text(panel.repeat),
    repeatDirection: panel.repeatDirection === 'v' ? 'v' : 'h',
    maxPerRow: number(panel.maxPerRow) ?? 4,
    collapsed: flag(panel.collapsed),
    panels: objects(panel.panels)
      .map(migratePanel)
      .sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x),
  };
}

function readGridPos(grid: Json, type: string): GridPos {
  const w = Math.min(
    GRID_COLUMNS,
    Math.max(1, number(grid.w) ?? (type === 'row' ? GRID_COLUMNS : 12)),
  );
  return {
    x: Math.min(GRID_COLUMNS - w, Math.max(0, number(grid.x) ?? 0)),
    y: Math.max(0, number(grid.y) ?? 0),
    w,
    h: Math.max(1, number(grid.h) ?? (type === 'row' ? 1 : 8)),
  };
}

function readTransformation(step: Json): DataTransformerConfig {
  const filter = isObject(step.filter)
    ? { filter: { id: text(step.filter.id), options: step.filter.options } }
    : {};
  return { id: text(step.id), options: object(step.options), ...filter };
}

function readPanelLink(link: Json): PanelLink {
  return {
    title: text(link.title),
    url: text(link.url) === '' ? text(link.dashUri) : text(link.url),
    targetBlank: flag(link.targetBlank),
  };
}

/** Before Grafana 7 the content lay beside the options. */
function textOptions(panel: Json): Json {
  if (panel.content === undefined) return panel;
  return {
    ...panel,
    options: {
      mode: text(panel.mode, 'markdown'),
      content: text(panel.content),
      ...object(panel.options),
    },
  };
}

function pieChart(panel: Json): Json {
  const calc =
    { current: 'lastNotNull', avg: 'mean', total: 'sum' }[text(panel.valueName)] ??
    text(panel.valueName, 'lastNotNull');
  const legend = object(panel.legend);
  return {
    ...panel,
    type: 'piechart',
    options: {
      pieType: panel.pieType === 'donut' ? 'donut' : 'pie',
      reduceOptions: { calcs: [calc], values: false, fields: '' },
      legend: {
        showLegend: flag(legend.show, true),
        placement: panel.legendType === 'Right side' ? 'right' : 'bottom',
        values: [
          ...(flag(legend.percentage) ? ['percent'] : []),
          ...(flag(legend.values) ? ['value'] : []),
        ],
      },
    },
    fieldConfig: {
      defaults: {
        unit: text(panel.format, 'short'),
        ...(list(panel.decimals).length > 0
          ? {}
          : { decimals: number(panel.decimals) ?? undefined }),
      },
      overrides: Object.entries(object(panel.aliasColors)).map(([name, color]) => ({
        matcher: { id: 'byName', options: name },
        properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
      })),
    },
  };
}
