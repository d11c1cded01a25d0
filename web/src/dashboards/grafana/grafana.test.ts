// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { timeSeriesModel } from '../panels/time-series-model';
import { sortedRows, tableModel } from '../panels/table-model';
import { migratePanel } from '../migrate/panel';
import { readTarget } from '../migrate/target';
import { displayText, displayValue, fieldName, reducedValues } from './display';
import { framesOf } from './frames';
import { applyFieldConfig, transformFrames } from './process';

const same = (text: string) => text;

/** Frames of one range query, through a panel's transformations and field options. */
async function frames(
  panelJson: object,
  target: object,
  result: { metric: Record<string, string>; values: [number, string][] }[],
) {
  const panel = migratePanel({ type: 'timeseries', ...panelJson });
  const raw = framesOf([
    {
      target: readTarget({ refId: 'A', expr: 'x', ...target }, 0),
      expr: 'x',
      data: { resultType: 'matrix', result },
      stepMs: 10_000,
    },
  ]);
  const { frames: transformed } = await transformFrames(raw, panel.transformations, same);
  return {
    panel,
    frames: applyFieldConfig(transformed, {
      fieldConfig: panel.fieldConfig,
      interpolate: same,
      scheme: 'dark',
      zone: 'utc',
    }),
  };
}

const cpu = [
  {
    metric: { __name__: 'cpu', mode: 'idle', instance: 'a' },
    values: [
      [0, '1'],
      [10, '2'],
      [40, '4'],
    ] as [number, string][],
  },
  {
    metric: { __name__: 'cpu', mode: 'user', instance: 'a' },
    values: [
      [10, '10'],
      [20, '20'],
    ] as [number, string][],
  },
];

describe('frames', () => {
  it('are named by the legend, by the labels that differ, or in full', async () => {
    const names = async (legendFormat: string) => {
      const { frames: made } = await frames({}, { legendFormat }, cpu);
      return made.map((frame) => fieldName(frame.fields[1]!, frame, made));
    };
    expect(await names('{{mode}} on {{instance}}')).toEqual(['idle on a', 'user on a']);
    expect(await names('')).toEqual([
      'cpu{mode="idle", instance="a"}',
      'cpu{mode="user", instance="a"}',
    ]);
    expect(await names('__auto')).toEqual(['idle', 'user']);
  });

  it('have gaps where samples are missing', async () => {
    const { frames: made } = await frames({}, { legendFormat: '{{mode}}' }, cpu);
    expect(made[0]?.fields[0]?.values).toEqual([0, 10_000, 20_000, 40_000]);
    expect(made[0]?.fields[1]?.values).toEqual([1, 2, null, 4]);
  });

  it('of tables have a column for each label', async () => {
    const { frames: made } = await frames({}, { format: 'table' }, cpu);
    expect(made[0]?.fields.map(({ name }) => name)).toEqual([
      'Time',
      '__name__',
      'instance',
      'mode',
      'Value',
    ]);
    expect(made[0]?.length).toBe(5);
  });

  it('of histograms hold what lies between two bounds', async () => {
    const buckets = [
      { metric: { le: '+Inf' }, values: [[0, '10']] as [number, string][] },
      { metric: { le: '1' }, values: [[0, '4']] as [number, string][] },
    ];
    const { frames: made } = await frames({}, { format: 'heatmap' }, buckets);
    expect(made.map((frame) => [frame.name, frame.fields[1]?.values])).toEqual([
      ['1', [4]],
      ['+Inf', [6]],
    ]);
  });
});

describe('field options', () => {
  const panelJson = {
    fieldConfig: {
      defaults: {
        unit: 'bytes',
        decimals: 1,
        color: { mode: 'thresholds' },
        thresholds: {
          mode: 'absolute',
          steps: [
            { color: 'green', value: null },
            { color: 'red', value: 3 },
          ],
        },
        custom: { fillOpacity: 10, axisLabel: 'left' },
      },
      overrides: [
        {
          matcher: { id: 'byName', options: 'user' },
          properties: [
            { id: 'unit', value: 'percent' },
            { id: 'custom.transform', value: 'negative-Y' },
            { id: 'color', value: { mode: 'fixed', fixedColor: '#123456' } },
          ],
        },
        {
          matcher: { id: 'byRegexp', options: '/^id.*/' },
          properties: [{ id: 'displayName', value: 'Idle' }],
        },
      ],
    },
  };

  it('give units, names and colours', async () => {
    const { frames: made } = await frames(panelJson, { legendFormat: '{{mode}}' }, cpu);
    const [idle, user] = made.map((frame) => frame.fields[1]!);
    expect(displayText(displayValue(idle!, 2048))).toBe('2.0 KiB');
    expect(displayText(displayValue(user!, 12.34))).toBe('12.3%');
    expect(displayValue(idle!, 1).color).not.toBe(displayValue(idle!, 5).color);
    expect(fieldName(idle!, made[0]!, made)).toBe('Idle');
  });

  it('make the series of a chart', async () => {
    const { frames: made } = await frames(panelJson, { legendFormat: '{{mode}}' }, cpu);
    const model = timeSeriesModel(made, 'dark');
    expect(model.times).toEqual([0, 10, 20, 40]);
    expect(model.series.map(({ name, style: { axis, fill } }) => [name, axis, fill])).toEqual([
      ['Idle', 'left', 0.1],
      ['user', 'right', 0.1],
    ]);
    expect(model.series[0]?.values).toEqual([1, 2, null, 4]);
    // What only the other series has is a hole, not a gap.
    expect(Object.keys(model.series[1]!.values)).toEqual(['1', '2']);
    expect(model.series[1]).toMatchObject({ color: '#123456' });
    expect(model.series[1]?.values[2]).toBe(-20);
    expect(model.series[1]?.shown?.[2]).toBe(20);
    expect(model.axes.left.label).toBe('left');
  });

  it('stack to a whole', async () => {
    const stacked = {
      fieldConfig: {
        defaults: { unit: 'short', custom: { stacking: { mode: 'percent', group: 'A' } } },
      },
    };
    const { frames: made } = await frames(stacked, { legendFormat: '{{mode}}' }, cpu);
    const { series, axes } = timeSeriesModel(made, 'dark');
    expect(series.map(({ values }) => values[1])).toEqual([(100 * 2) / 12, (100 * 10) / 12]);
    expect(series[0]?.shown?.[1]).toBe(2);
    expect(axes.left).toMatchObject({ min: 0, max: 100 });
  });

  it('reduce to the values of stats', async () => {
    const { panel, frames: made } = await frames(
      { ...panelJson, type: 'stat', options: { reduceOptions: { calcs: ['max'] } } },
      { legendFormat: '{{mode}}' },
      cpu,
    );
    const values = reducedValues({
      frames: made,
      fieldConfig: panel.fieldConfig,
      options: panel.options,
      interpolate: same,
      scheme: 'dark',
      zone: 'utc',
    });
    expect(values.map(({ display }) => [display.title, displayText(display)])).toEqual([
      ['Idle', '4.0 B'],
      ['user', '20.0%'],
    ]);
  });
});

describe('transformations', () => {
  it('join, organise and compute', async () => {
    const { frames: made } = await frames(
      {
        transformations: [
          { id: 'joinByField', options: { byField: 'Time', mode: 'outer' } },
          {
            id: 'organize',
            options: { renameByName: { idle: 'Idle' }, excludeByName: { Time: true } },
          },
        ],
      },
      { legendFormat: '{{mode}}' },
      cpu,
    );
    expect(made).toHaveLength(1);
    const model = tableModel(made[0], made);
    expect(model.columns.map(({ title }) => title)).toEqual(['Idle', 'user']);
    expect(sortedRows(model, { title: 'user', descending: true }).slice(0, 2)).toEqual([2, 1]);
  });

  it('make a row of each series', async () => {
    const { frames: made } = await frames(
      { transformations: [{ id: 'timeSeriesTable', options: {} }] },
      { legendFormat: '{{mode}}' },
      cpu,
    );
    expect(made[0]?.fields.map(({ name }) => name)).toEqual(['mode', 'instance', 'Trend #A']);
    expect(made[0]?.fields[2]?.values[1]).toMatchObject({ value: 20 });
  });

  it('that are not known are named and left out', async () => {
    const { unknown } = await transformFrames([], [{ id: 'fromTheFuture', options: {} }], same);
    expect(unknown).toEqual(['fromTheFuture']);
  });
});
