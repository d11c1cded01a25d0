import { describe, expect, it } from 'vitest';
import type { JaegerSpan, JaegerTrace } from '@/api/jaeger';
import { criticalPath } from './critical-path';
import { parseLogfmt } from './logfmt';
import { buildTrace, findSpans, visibleSpans } from './trace-model';
import { durationProblem, searchOf } from './trace-state';
import { barIn, clampWindow, rulerTicks, WHOLE } from './trace-view';

interface Shape {
  id: string;
  parent?: string;
  start: number;
  length: number;
  tags?: Record<string, string | boolean>;
  process?: string;
}

function span({ id, parent, start, length, tags = {}, process = 'p1' }: Shape): JaegerSpan {
  return {
    traceID: 't',
    spanID: id,
    operationName: `op ${id}`,
    references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: 't', spanID: parent }],
    startTime: 1_000_000 + start,
    duration: length,
    tags: Object.entries(tags).map(([key, value]) => ({ key, type: typeof value, value })),
    logs: [],
    processID: process,
    warnings: null,
  };
}

function trace(...shapes: Shape[]): JaegerTrace {
  return {
    traceID: 't',
    spans: shapes.map(span),
    processes: { p1: { serviceName: 'front', tags: [] }, p2: { serviceName: 'back', tags: [] } },
    warnings: null,
  };
}

const shop = trace(
  { id: 'pay', parent: 'root', start: 50, length: 40, process: 'p2', tags: { error: true } },
  { id: 'root', start: 0, length: 100 },
  { id: 'cart', parent: 'root', start: 10, length: 30, process: 'p2' },
  {
    id: 'db',
    parent: 'cart',
    start: 15,
    length: 20,
    process: 'p2',
    tags: { 'db.query.text': 'SELECT carts' },
  },
);

describe('a trace', () => {
  it('is laid out depth first, children by their start', () => {
    const built = buildTrace(shop);
    expect(
      built.spans.map(({ id, depth, descendants }) => `${id} ${depth} ${descendants}`),
    ).toEqual(['root 0 3', 'cart 1 1', 'db 2 0', 'pay 1 0']);
    expect(built).toMatchObject({ startUs: 1_000_000, durationUs: 100, errors: 1, depth: 3 });
    expect(built.services).toEqual([
      { name: 'front', spans: 1, errors: 0 },
      { name: 'back', spans: 3, errors: 1 },
    ]);
  });

  it('shows spans whose parent never came, once each', () => {
    const built = buildTrace(
      trace(
        { id: 'a', parent: 'lost', start: 5, length: 1 },
        { id: 'b', start: 0, length: 9 },
        { id: 'b', start: 0, length: 9 },
      ),
    );
    expect(built.spans.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('shows spans that are each other’s parents', () => {
    const built = buildTrace(
      trace(
        { id: 'a', parent: 'b', start: 0, length: 1 },
        { id: 'b', parent: 'a', start: 0, length: 1 },
      ),
    );
    expect(built.spans.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  it('may be deeper than the call stack', () => {
    const shapes = Array.from({ length: 20_000 }, (_, index) => ({
      id: String(index),
      ...(index > 0 && { parent: String(index - 1) }),
      start: index,
      length: 40_000 - index,
    }));
    const built = buildTrace(trace(...shapes));
    expect(built.spans).toHaveLength(20_000);
    expect(built.spans[0]?.descendants).toBe(19_999);
    expect(criticalPath(built.spans).size).toBe(20_000);
  });

  it('folds and is searched', () => {
    const { spans } = buildTrace(shop);
    expect(visibleSpans(spans, new Set(['cart'])).map(({ id }) => id)).toEqual([
      'root',
      'cart',
      'pay',
    ]);
    expect(visibleSpans(spans, new Set(['root'])).map(({ id }) => id)).toEqual(['root']);
    expect([...(findSpans(spans, 'select CARTS') ?? [])]).toEqual(['db']);
    expect(findSpans(spans, ' ')).toBeNull();
  });
});

describe('the critical path', () => {
  it('is what the end waited for', () => {
    const path = criticalPath(buildTrace(shop).spans);
    expect(path.get('root')).toEqual([
      { startUs: 90, endUs: 100 },
      { startUs: 40, endUs: 50 },
      { startUs: 0, endUs: 10 },
    ]);
    expect(path.get('pay')).toEqual([{ startUs: 50, endUs: 90 }]);
    expect(path.get('cart')).toEqual([
      { startUs: 35, endUs: 40 },
      { startUs: 10, endUs: 15 },
    ]);
    expect(path.get('db')).toEqual([{ startUs: 15, endUs: 35 }]);
  });

  it('leaves out what ran beside something longer', () => {
    const parallel = trace(
      { id: 'root', start: 0, length: 100 },
      { id: 'long', parent: 'root', start: 10, length: 80 },
      { id: 'short', parent: 'root', start: 20, length: 30 },
    );
    expect([...criticalPath(buildTrace(parallel).spans).keys()].sort()).toEqual(['long', 'root']);
  });
});

describe('the view', () => {
  it('places bars in the window', () => {
    expect(barIn(WHOLE, 200, 50, 100)).toEqual({ left: 25, width: 50 });
    expect(barIn({ start: 0.5, end: 1 }, 200, 50, 100)).toEqual({ left: -50, width: 100 });
    expect(clampWindow({ start: 0.8, end: 0.2 })).toEqual({ start: 0.2, end: 0.8 });
    expect(clampWindow({ start: 0.5, end: 0.5 })).toEqual(WHOLE);
  });

  it('has round ticks', () => {
    expect(rulerTicks(WHOLE, 171_000, 6)).toEqual([0, 50_000, 100_000, 150_000]);
    expect(rulerTicks(WHOLE, 0, 6)).toEqual([0]);
  });
});

describe('the search', () => {
  it('reads tags', () => {
    expect(parseLogfmt('error=true  q="a \\"b\\" c" n=')).toEqual({
      error: 'true',
      q: 'a "b" c',
      n: '',
    });
    expect(() => parseLogfmt('error=true oops')).toThrow(/“oops” is not a tag/);
    expect(() => parseLogfmt('a="open')).toThrow(/not a tag/);
  });

  it('reads durations', () => {
    expect(durationProblem('1.5s')).toBeNull();
    expect(durationProblem('')).toBeNull();
    expect(durationProblem('5 apples')).toMatch(/write/);
  });

  it('asks for errors by their tag', () => {
    const state = {
      service: '',
      operation: '',
      tags: 'a=b',
      minDuration: '',
      maxDuration: '',
      limit: 20,
      errorsOnly: true,
    };
    expect(searchOf(state, { startMs: 1, endMs: 2 })).toMatchObject({
      tags: { a: 'b', error: 'true' },
      startMs: 1,
    });
  });
});
