import { describe, expect, it } from 'vitest';
import type { ChartSeries } from '@/charts/chart-series';
import { exemplarPoints } from './chart-of-results';
import { exemplarSources, onTheirLines } from './exemplar-sources';
import { catalogue, findMetrics, usualQueries } from './metric-catalogue';
import { queryName } from './metrics-state';
import { formatLegend, fullName, seriesNames } from './series-names';

describe('names of series', () => {
  it('say what differs', () => {
    const cpus = ['0', '1'].map((cpu) => ({ __name__: 'cpu', instance: 'a', cpu }));
    expect(seriesNames(cpus, '', 'cpu')).toEqual(['0', '1']);
    const more = [...cpus, { __name__: 'cpu', instance: 'b', cpu: '0' }];
    expect(seriesNames(more, '', 'cpu')[2]).toBe('{instance="b", cpu="0"}');
    expect(seriesNames([{ __name__: 'up', job: 'x' }], '', 'up')).toEqual(['up{job="x"}']);
    expect(seriesNames([{}], '', 'sum(up)')).toEqual(['sum(up)']);
    expect(seriesNames(cpus, '{{instance}} {{ cpu }}{{none}}', '')).toEqual(['a 0', 'a 1']);
  });

  it('escape what labels hold', () => {
    expect(fullName({ __name__: 'a', b: 'c"d' })).toBe('a{b="c\\"d"}');
    expect(formatLegend('<{{x}}>', { x: '<script>' })).toBe('<<script>>');
  });

  it('of queries go on after Z', () =>
    expect([0, 25, 26, 51, 52].map(queryName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA']));
});

describe('the catalogue', () => {
  const metrics = catalogue(['http_seconds_bucket', 'http_seconds_count', 'node_load1', 'odd'], {
    http_seconds: [{ type: 'histogram', help: 'How long requests took.', unit: 'seconds' }],
    node_load1: [{ type: 'gauge', help: 'Load over a minute.', unit: '' }],
  });

  it('finds the description of a histogram’s parts', () => {
    expect(metrics[0]).toMatchObject({ type: 'histogram', unit: 'seconds' });
    expect(metrics[3]).toMatchObject({ type: 'unknown', help: '' });
  });

  it('finds by name before help', () => {
    expect(findMetrics(metrics, 'load').map(({ name }) => name)).toEqual(['node_load1']);
    expect(findMetrics(metrics, 'requests took').map(({ name }) => name)).toEqual([
      'http_seconds_bucket',
      'http_seconds_count',
    ]);
  });

  it('knows what people ask of each type', () => {
    expect(usualQueries(metrics[0]!)[0]?.expr).toBe(
      'histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket[1m])))',
    );
    expect(usualQueries(metrics[1]!)[0]?.expr).toBe('rate(http_seconds_count[1m])');
    expect(usualQueries(metrics[2]!)[0]?.expr).toBe('node_load1');
  });
});

describe('exemplars', () => {
  it('keep the largest where they crowd', () => {
    const exemplars = Array.from({ length: 50 }, (_, index) => ({
      labels: { trace_id: `t${index}` },
      value: String(index),
      timestamp: 1 + index / 1000,
    }));
    const points = exemplarPoints([{ seriesLabels: {}, exemplars }], {
      startMs: 0,
      endMs: 120_000,
    });
    expect(points.map(({ traceId }) => traceId)).toEqual(['t49', 't48', 't47']);
  });

  it('are those of what a rule recorded, however deep', () => {
    const recordings = new Map([
      ['a:ratio', ['sum(failed{x="b:rate"}) / b:rate']],
      ['b:rate', ['rate(calls_total[1m])']],
      ['loop', ['loop + 1']],
    ]);
    expect(exemplarSources('a:ratio > 0.25', recordings)).toEqual([
      'a:ratio > 0.25',
      'sum(failed{x="b:rate"}) / b:rate',
      'rate(calls_total[1m])',
    ]);
    expect(exemplarSources('up{job="a:ratio"}', recordings)).toEqual(['up{job="a:ratio"}']);
    expect(exemplarSources('loop', recordings)).toEqual(['loop', 'loop + 1']);
    expect(exemplarSources(' ', recordings)).toEqual([]);
  });

  it('of counts stand on the line with their labels, of distributions at their value', () => {
    const line = (card: string, values: (number | null)[]) =>
      ({ labels: { __name__: 'ratio', card }, values }) as unknown as ChartSeries;
    const series = (card: string, timestamp: number) => ({
      seriesLabels: { __name__: 'charges_total', card, outcome: 'error' },
      exemplars: [{ labels: {}, value: '1', timestamp }],
    });
    const values = (onScale: boolean, card: string, timestamp: number) =>
      onTheirLines(
        [{ series: series(card, timestamp), onScale }],
        [100, 110, 120],
        [line('visa', [0.1, 0.2, 0.3]), line('amex', [0.4, null, null])],
      ).flatMap(({ exemplars }) => exemplars.map(({ value }) => value));
    expect(values(false, 'visa', 109)).toEqual(['0.2']);
    expect(values(false, 'amex', 109)).toEqual(['0.4']);
    expect(values(false, 'amex', 121)).toEqual([]);
    expect(values(false, 'other', 109)).toEqual([]);
    expect(values(true, 'other', 109)).toEqual(['1']);
  });
});
