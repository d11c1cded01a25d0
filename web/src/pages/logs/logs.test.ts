import { describe, expect, it } from 'vitest';
import type { LogRecord } from '@/api/logs';
import { completionAt, quoteValue } from '@/editors/log-language';
import { decodeFilter, encodeFilter } from './filter-codec';
import { addFilter, describeFilter, negateFilter } from './log-state';
import { histogramSeries } from './histogram-series';
import { columnText, fieldEntries } from './record-text';
import { reduceTail, type TailState } from './use-live-tail';

const record = (cursor: string, fields = {}): LogRecord => ({
  cursor,
  time_ns: '1772323200123456789',
  severity: 'error',
  message: 'broken',
  service: 'cart',
  stream: 'cart',
  trace_id: 't1',
  span_id: null,
  fields,
});

describe('filters', () => {
  it.each(['level=error', '!level=debug', 'user_id', '!user_id', '~level=a=b', 'a%3db=c'])(
    '%s survives',
    (text) => {
      const filter = decodeFilter(text);
      expect(filter).not.toBeNull();
      expect(encodeFilter(filter!)).toBe(text);
    },
  );

  it('of the same value replace their opposite', () => {
    const level = { field: 'level', op: 'is' as const, value: 'error' };
    const filters = addFilter(
      [level, { field: 'host', op: 'is', value: 'a' }],
      negateFilter(level),
    );
    expect(filters.map(describeFilter)).toEqual(['host is a', 'level is not error']);
    expect(addFilter(filters, negateFilter(level))).toHaveLength(2);
  });
});

describe('completion', () => {
  it.each([
    ['', { kind: 'field', field: '', text: '' }],
    ['lev', { kind: 'field', field: '', text: 'lev' }],
    ['a:b and (ser', { kind: 'field', field: '', text: 'ser' }],
    ['level:', { kind: 'value', field: 'level', text: '' }],
    ['x or http.route:"/ch', { kind: 'value', field: 'http.route', text: '/ch' }],
    ['level:error ', { kind: 'field', field: '', text: '' }],
  ])('after %j', (before, expected) => expect(completionAt(before)).toEqual(expected));

  it('quotes values that hold more than a word', () => {
    expect(quoteValue('/a/b-1')).toBe('/a/b-1');
    expect(quoteValue('say "hi"')).toBe('"say \\"hi\\""');
  });
});

describe('records', () => {
  it('show what correlates first', () => {
    const entries = fieldEntries(
      record('1', { zebra: 1, user_id: 'u', nested: { a: [1] }, nothing: null }),
    );
    expect(entries).toEqual([
      ['trace_id', 't1'],
      ['user_id', 'u'],
      ['nested', '{"a":[1]}'],
      ['nothing', ''],
      ['zebra', '1'],
    ]);
    expect(columnText(record('1', { x: false }), 'x')).toBe('false');
  });
});

describe('the histogram', () => {
  it('fills empty buckets and stacks the loud on the quiet', () => {
    const { times, series, totals } = histogramSeries(
      {
        interval_ms: 1000,
        start_ms: 500,
        end_ms: 3500,
        total: 6,
        took_ms: 1,
        buckets: [
          { start_ms: 1000, counts: { error: 1, info: 2 } },
          { start_ms: 3000, counts: { info: 3 } },
        ],
      },
      (token) => token,
    );
    expect(times).toEqual([0, 1, 2, 3]);
    expect(series.map(({ name, values }) => [name, values])).toEqual([
      ['info', [null, 2, null, 3]],
      ['error', [null, 1, null, null]],
    ]);
    expect(totals).toEqual([
      { severity: 'error', color: '--error', total: 1 },
      { severity: 'info', color: '--info', total: 5 },
    ]);
  });
});

describe('the live tail', () => {
  const start: TailState = {
    records: [],
    waiting: [],
    paused: false,
    missed: 0,
    connection: 'connecting',
  };
  const cursors = (state: TailState) => state.records.map(({ cursor }) => cursor).join('');

  it('puts the newest first, and keeps back what comes while paused', () => {
    let state = reduceTail(start, { type: 'arrived', records: [record('a'), record('b')] });
    expect(cursors(state)).toBe('ba');
    state = reduceTail(state, { type: 'pause', paused: true });
    state = reduceTail(state, { type: 'arrived', records: [record('c')] });
    state = reduceTail(state, { type: 'arrived', records: [record('d')] });
    expect(cursors(state)).toBe('ba');
    expect(state.waiting).toHaveLength(2);
    state = reduceTail(state, { type: 'pause', paused: false });
    expect(cursors(state)).toBe('dcba');
    expect(state.waiting).toEqual([]);
  });

  it('stays bounded and counts what was left out', () => {
    const many = Array.from({ length: 3000 }, (_, index) => record(String(index)));
    let state = reduceTail(start, { type: 'arrived', records: many });
    expect(state.records).toHaveLength(2000);
    expect(state.records[0]?.cursor).toBe('2999');
    state = reduceTail(state, { type: 'lagged', missed: 5 });
    expect(reduceTail(state, { type: 'lagged', missed: 2 }).missed).toBe(7);
  });
});
