import { describe, expect, it } from 'vitest';
import { formatBytes, formatNumber } from '@/format/quantity';
import { timeLabels, valueLabels } from './axis-format';
import { type ChartSeries, LINE, seriesStats, stackSeries } from './chart-series';
import { selectSeries } from './legend-selection';
import { seriesColor, seriesColors } from './palette';
import { valueRange } from './plot-options';
import { sparklinePaths } from './Sparkline';
import { alignRange, steppedRange, stepTimes, valuesAtSteps } from './steps';

const series = (key: string, values: ChartSeries['values'], style = {}): ChartSeries => ({
  key,
  name: key,
  color: '#000000',
  values,
  style: { ...LINE, stack: 'a', ...style },
});
const none: ReadonlySet<string> = new Set();

describe('stacking', () => {
  it('adds series up in order, and leaves the hidden out', () => {
    const all = [series('a', [1, 2]), series('b', [10, 20]), series('c', [100, 200])];
    expect(stackSeries(all, none)).toEqual([
      [1, 2],
      [11, 22],
      [111, 222],
    ]);
    expect(stackSeries(all, new Set(['b']))[2]).toEqual([101, 202]);
  });

  it('keeps what points down apart', () => {
    expect(
      stackSeries([series('a', [1]), series('b', [-5]), series('c', [2]), series('d', [-1])], none),
    ).toEqual([[1], [-5], [3], [-6]]);
  });

  it('lets gaps of lines be gaps, and bars without a value stand on the others', () => {
    expect(stackSeries([series('a', [1, null]), series('b', [null, 3])], none)).toEqual([
      [1, null],
      [null, 3],
    ]);
    const bars = { draw: 'bars' as const };
    expect(stackSeries([series('a', [1, 2], bars), series('b', [null, 3], bars)], none)).toEqual([
      [1, 2],
      [1, 5],
    ]);
  });
});

describe('the legend', () => {
  const keys = ['a', 'b', 'c'];
  const visible = (hidden: ReadonlySet<string>) => keys.filter((key) => !hidden.has(key)).join('');

  it('isolates by a click and shows all by the next', () => {
    const alone = selectSeries(none, keys, 'b', false);
    expect(visible(alone)).toBe('b');
    expect(visible(selectSeries(alone, keys, 'c', false))).toBe('c');
    expect(visible(selectSeries(alone, keys, 'b', false))).toBe('abc');
  });

  it('adds and removes with shift, but never the last', () => {
    const alone = selectSeries(none, keys, 'b', false);
    expect(visible(selectSeries(alone, keys, 'a', true))).toBe('ab');
    expect(visible(selectSeries(none, keys, 'a', true))).toBe('bc');
    expect(visible(selectSeries(alone, keys, 'b', true))).toBe('b');
  });

  it('counts only values', () => {
    expect(seriesStats([1, null, 3, undefined, NaN])).toEqual({
      last: 3,
      min: 1,
      max: 3,
      mean: 2,
      sum: 4,
      count: 2,
    });
    expect(seriesStats([null]).last).toBeNull();
  });
});

describe('colours', () => {
  it('belong to names, whatever their order', () => {
    const forwards = seriesColors(['a', 'b', 'c', 'd'], 'dark');
    const backwards = seriesColors(['d', 'c', 'b', 'a'], 'dark');
    expect([...forwards].sort()).toEqual([...backwards].sort());
    expect(seriesColor('checkout', 'dark')).toBe(
      seriesColors(['checkout'], 'dark').get('checkout'),
    );
  });

  it('differ within a chart as long as there are enough', () => {
    const names = Array.from({ length: 20 }, (_, index) => `series ${index}`);
    expect(new Set(seriesColors(names, 'light').values()).size).toBe(20);
    expect(seriesColors([...names, 'one more'], 'light').size).toBe(21);
  });
});

describe('axes', () => {
  it('use as few digits as tell ticks apart and say them right', () => {
    expect(valueLabels([0, 2.5, 5, 7.5], formatNumber)).toEqual(['0', '2.5', '5', '7.5']);
    expect(valueLabels([99.991, 99.992], formatNumber)).toEqual(['99.991', '99.992']);
    expect(valueLabels([0, 2 ** 30, 1.5 * 2 ** 30], formatBytes)).toEqual([
      '0 B',
      '1 GiB',
      '1.5 GiB',
    ]);
    const decimals = (value: number, digits = 3) => value.toFixed(digits - 3);
    expect(valueLabels([0, 2.5, 5], decimals)).toEqual(['0.0', '2.5', '5.0']);
    expect(valueLabels([0, 250, 500], decimals)).toEqual(['0', '250', '500']);
  });

  it('say the day where it changes', () => {
    const noon = Date.UTC(2026, 0, 31, 23, 0) / 1000;
    expect(timeLabels([noon, noon + 3600], 3600, 'utc')).toEqual(['23:00', '01 Feb']);
    expect(timeLabels([noon + 5], 1, 'utc')).toEqual(['23:00:05']);
  });

  it('leave air around the data, and stand at zero where that is near', () => {
    const axis = { format: String };
    expect(valueRange(axis, 10, 100, false)).toEqual([0, 108]);
    const [low, high] = valueRange(axis, 95, 100, false);
    expect(low).toBeCloseTo(94.6);
    expect(high).toBeCloseTo(100.4);
    expect(valueRange(axis, 95, 100, true)[0]).toBe(0);
    expect(valueRange({ ...axis, min: 0, max: 1 }, 0.2, 0.9, false)).toEqual([0, 1]);
    expect(valueRange(axis, null, null, false)).toEqual([0, 1.08]);
    expect(valueRange({ ...axis, centered: true }, -2, 10, false)[0]).toBeLessThan(-10);
  });
});

describe('steps', () => {
  it('are readable and aligned, so that a refresh moves no point', () => {
    const first = steppedRange({ startMs: 1_000_123, endMs: 4_600_123 }, 480);
    expect(first).toEqual({ startMs: 1_000_000, endMs: 4_600_000, stepMs: 10_000 });
    expect(stepTimes(first)).toHaveLength(361);
    expect(alignRange({ startMs: 5, endMs: 12 }, 10)).toEqual({
      startMs: 0,
      endMs: 10,
      stepMs: 10,
    });
  });

  it('put samples in their place and leave gaps', () => {
    const range = { startMs: 0, endMs: 40_000, stepMs: 10_000 };
    const matrix = {
      metric: {},
      values: [
        [10, '1'],
        [20, 'NaN'],
        [40, '+Inf'],
      ] as [number, string][],
    };
    expect(valuesAtSteps(matrix, range, 5)).toEqual([null, 1, null, null, Infinity]);
  });
});

describe('sparklines', () => {
  it('break at gaps', () => {
    const { line } = sparklinePaths([1, 2, null, 3, 4], 40, 20);
    expect(line.match(/M/g)).toHaveLength(2);
    expect(sparklinePaths([], 40, 20)).toEqual({ line: '', area: '' });
  });
});
