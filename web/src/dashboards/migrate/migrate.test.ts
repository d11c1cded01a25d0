import { describe, expect, it } from 'vitest';
import { previewImport } from '@/pages/dashboards/import-source';
import { DashboardError } from '../schema';
import { readDashboard } from './dashboard';
import { migratePanel } from './panel';
import { datasourceKind, readDatasource } from './target';

describe('what is no dashboard', () => {
  it.each([null, [], {}, { panels: 'no' }, 'text'])('%j is refused', (json) =>
    expect(() => readDashboard(json)).toThrow(DashboardError),
  );

  it('says why when it is imported', () => {
    expect(() => previewImport('{"panels":')).toThrow(/this is no JSON/);
    expect(() =>
      previewImport('{"apiVersion":"dashboard.grafana.app/v2alpha1","spec":{}}'),
    ).toThrow(/version 2/);
  });
});

describe('the graph panel', () => {
  const graph = {
    type: 'graph',
    lines: true,
    fill: 3,
    linewidth: 2,
    stack: true,
    percentage: true,
    nullPointMode: 'connected',
    yaxes: [
      { format: 'bytes', min: '0', max: null, logBase: 10, label: 'used' },
      { format: 'percent', max: 100 },
    ],
    legend: {
      show: true,
      alignAsTable: true,
      rightSide: true,
      values: true,
      avg: true,
      current: true,
      sort: 'current',
      sortDesc: true,
    },
    tooltip: { shared: true, sort: 2 },
    aliasColors: { idle: '#052B51' },
    seriesOverrides: [
      { alias: '/.*out/', transform: 'negative-Y', yaxis: 2 },
      {
        alias: 'total',
        lines: true,
        fill: 0,
        stack: false,
        dashes: true,
        dashLength: 4,
        spaceLength: 2,
      },
      { alias: '' },
    ],
    thresholds: [{ value: 80, op: 'gt', line: true, fill: true, colorMode: 'critical' }],
  };
  const panel = migratePanel(graph);

  it('becomes time series with the same look', () => {
    expect(panel.type).toBe('timeseries');
    expect(panel.fieldConfig.defaults).toMatchObject({
      unit: 'bytes',
      min: 0,
      custom: {
        drawStyle: 'line',
        fillOpacity: 30,
        lineWidth: 2,
        spanNulls: true,
        stacking: { mode: 'percent' },
        axisLabel: 'used',
        scaleDistribution: { type: 'log', log: 10 },
        thresholdsStyle: { mode: 'line+area' },
      },
      thresholds: {
        steps: [
          { value: -Infinity, color: 'transparent' },
          { value: 80, color: 'red' },
        ],
      },
    });
  });

  it('keeps overrides of series', () => {
    const byName = Object.fromEntries(
      panel.fieldConfig.overrides.map(({ matcher, properties }) => [
        matcher.options as string,
        properties,
      ]),
    );
    expect(Object.keys(byName)).toEqual(['idle', '/.*out/', 'total']);
    expect(byName['/.*out/']).toEqual([
      { id: 'custom.transform', value: 'negative-Y' },
      { id: 'custom.axisPlacement', value: 'right' },
      { id: 'unit', value: 'percent' },
      { id: 'max', value: 100 },
    ]);
    expect(byName.total).toContainEqual({
      id: 'custom.lineStyle',
      value: { fill: 'dash', dash: [4, 2] },
    });
    expect(byName.total).toContainEqual({
      id: 'custom.stacking',
      value: { mode: 'none', group: 'A' },
    });
  });

  it('keeps legend and tooltip', () => {
    expect(panel.options.legend).toMatchObject({
      displayMode: 'table',
      placement: 'right',
      calcs: ['lastNotNull', 'mean'],
      sortBy: 'Last *',
      sortDesc: true,
    });
    expect(panel.options.tooltip).toEqual({ mode: 'multi', sort: 'desc' });
  });

  it('of schema 8 has its axes apart', () => {
    const old = migratePanel({
      type: 'graph',
      y_formats: ['ms', 'short'],
      leftYAxisLabel: 'time',
      grid: { leftMin: 0 },
    });
    expect(old.fieldConfig.defaults).toMatchObject({
      unit: 'ms',
      min: 0,
      custom: { axisLabel: 'time' },
    });
  });
});

describe('singlestat', () => {
  it('becomes a stat', () => {
    const panel = migratePanel({
      type: 'singlestat',
      format: 'percent',
      valueName: 'current',
      thresholds: '50,80',
      colors: ['green', 'orange', 'red'],
      colorValue: true,
      sparkline: { show: true },
      postfix: ' up',
      mappingType: 1,
      valueMaps: [
        { value: 'null', op: '=', text: 'N/A' },
        { value: '1', text: 'OK' },
      ],
    });
    expect(panel.type).toBe('stat');
    expect(panel.fieldConfig.defaults).toMatchObject({
      unit: 'percent',
      thresholds: { steps: [{ value: -Infinity }, { value: 50 }, { value: 80, color: 'red' }] },
      mappings: [{ type: 'value', options: { '1': { text: 'OK' } } }],
    });
    expect(panel.options).toMatchObject({
      colorMode: 'value',
      graphMode: 'area',
      postfix: ' up',
      reduceOptions: { calcs: ['lastNotNull'] },
    });
  });

  it('that drew a gauge becomes a gauge', () => {
    const panel = migratePanel({
      type: 'singlestat',
      gauge: { show: true, minValue: 0, maxValue: 16 },
      format: 'none',
    });
    expect(panel.type).toBe('gauge');
    expect(panel.fieldConfig.defaults).toMatchObject({ min: 0, max: 16 });
  });
});

describe('gauges and bars of Grafana 6', () => {
  it('keep limits, thresholds and mappings', () => {
    const panel = migratePanel({
      type: 'bargauge',
      options: {
        orientation: 'horizontal',
        fieldOptions: {
          calcs: ['last'],
          defaults: { unit: 'percent', max: 100 },
          thresholds: [
            { value: 90, color: 'red' },
            { value: null, color: 'green' },
          ],
          mappings: [{ id: 1, type: 2, from: '0', to: '1', text: 'low' }],
        },
      },
    });
    expect(panel.fieldConfig.defaults).toMatchObject({
      max: 100,
      thresholds: {
        steps: [
          { color: 'green', value: -Infinity },
          { color: 'red', value: 90 },
        ],
      },
      mappings: [{ type: 'range', options: { from: 0, to: 1, result: { text: 'low' } } }],
    });
    expect(panel.options).toMatchObject({
      orientation: 'horizontal',
      reduceOptions: { calcs: ['last'] },
    });
  });
});

describe('the old table', () => {
  it('becomes a table with overrides', () => {
    const panel = migratePanel({
      type: 'table-old',
      transform: 'table',
      targets: [
        { expr: 'a', format: 'table' },
        { expr: 'b', format: 'table' },
      ],
      sort: { col: 0, desc: true },
      styles: [
        {
          pattern: 'pod',
          alias: 'Pod',
          link: true,
          linkUrl: '/d/x?var-pod=$__cell&n=$__cell_2',
          type: 'number',
          unit: 'short',
        },
        { pattern: 'Time', type: 'hidden' },
        { pattern: '/.*/', unit: 'short', type: 'number' },
      ],
    });
    expect(panel.type).toBe('table');
    expect(panel.transformations).toEqual([{ id: 'merge', options: {} }]);
    expect(panel.options.sortBy).toEqual([{ displayName: 'Pod', desc: true }]);
    expect(panel.fieldConfig.overrides[0]?.properties).toContainEqual({
      id: 'links',
      value: [
        {
          title: 'Details',
          url: '/d/x?var-pod=${__value.text}&n=${__data.fields[2]}',
          targetBlank: false,
        },
      ],
    });
    expect(panel.fieldConfig.overrides[1]?.properties).toEqual([
      { id: 'custom.hidden', value: true },
    ]);
  });
});

describe('rows from before the grid', () => {
  it('are laid out in twelve columns', () => {
    const dashboard = readDashboard({
      schemaVersion: 14,
      rows: [
        {
          title: 'One',
          showTitle: true,
          height: '250px',
          panels: [
            { span: 6, type: 'text' },
            { span: 6, type: 'text' },
            { span: 12, type: 'text', height: 100 },
          ],
        },
        { title: 'Two', collapse: true, panels: [{ span: 4, type: 'text', minSpan: 3 }] },
      ],
    });
    expect(dashboard.panels.map(({ type, gridPos: { x, y, w, h } }) => [type, x, y, w, h])).toEqual(
      [
        ['row', 0, 0, 24, 1],
        ['text', 0, 1, 12, 7],
        ['text', 12, 1, 12, 7],
        ['text', 0, 8, 24, 3],
        ['row', 0, 11, 24, 1],
      ],
    );
    expect(dashboard.panels[4]).toMatchObject({
      collapsed: true,
      panels: [{ type: 'text', maxPerRow: 4 }],
    });
    expect(
      new Set(dashboard.panels.flatMap((panel) => [panel.id, ...panel.panels.map(({ id }) => id)]))
        .size,
    ).toBe(6);
  });
});

describe('data sources', () => {
  const variables = readDashboard({
    panels: [],
    templating: {
      list: [
        { name: 'ds', type: 'datasource', query: 'prometheus' },
        { name: 'logs', type: 'datasource', query: 'loki' },
      ],
    },
  }).variables;
  const kind = (target: unknown, panel: unknown = null) =>
    datasourceKind(readDatasource(target), readDatasource(panel), variables).kind;

  it.each([
    [null, 'prometheus'],
    ['Prometheus', 'prometheus'],
    ['${DS_PROMETHEUS}', 'prometheus'],
    ['$ds', 'prometheus'],
    [{ uid: '${ds}' }, 'prometheus'],
    [{ type: 'victoriametrics-metrics-datasource', uid: 'x' }, 'prometheus'],
    ['$logs', 'foreign'],
    [{ type: 'loki', uid: 'x' }, 'foreign'],
    ['-- Grafana --', 'none'],
    [{ type: 'datasource', uid: '-- Dashboard --' }, 'dashboard'],
  ])('%j', (ref, expected) => expect(kind(ref)).toBe(expected));

  it('of a query stand before those of its panel', () => {
    expect(kind({ type: 'loki' }, 'Prometheus')).toBe('foreign');
    expect(kind({ type: 'prometheus' }, '-- Mixed --')).toBe('prometheus');
    expect(kind(null, '-- Mixed --')).toBe('prometheus');
  });
});

describe('variables', () => {
  it('are read from every notation', () => {
    const { variables } = readDashboard({
      panels: [],
      __inputs: [{ name: 'VAR_ENV', type: 'constant', value: 'prod' }],
      templating: {
        list: [
          {
            name: 'a',
            type: 'query',
            query: { qryType: 1, metric: 'up', label: 'job' },
            current: { value: ['x', 'y'] },
            multi: true,
          },
          {
            name: 'b',
            type: 'query',
            query: 'label_values(job)',
            current: { value: '$__all', text: 'All' },
            includeAll: true,
            hide: 2,
          },
          { name: 'c', type: 'constant', query: '${VAR_ENV}' },
          { name: '', type: 'query' },
        ],
      },
    });
    expect(variables.map(({ name, query, current, hide }) => [name, query, current, hide])).toEqual(
      [
        ['a', 'label_values(up, job)', ['x', 'y'], 0],
        ['b', 'label_values(job)', ['$__all'], 2],
        ['c', 'prod', [], 0],
      ],
    );
  });
});
