import { describe, expect, it, vi } from 'vitest';
import { ALL, type Variable } from '../schema';
import { formatValues, promqlValues } from './formats';
import { interpolate, type ScopedValue, scoped } from './interpolate';
import { applyRegex, chooseValues, customOptions, parseRegex, sortOptions } from './options';
import { parseVariableQuery } from './query-variable';
import { dependencyLevels, repeatValues, resolveVariables, scopeOf } from './resolve';

const variable = (name: string, more: Partial<Variable> = {}): Variable => ({
  name,
  label: name,
  description: '',
  type: 'query',
  query: '',
  regex: '',
  multi: false,
  includeAll: false,
  allValue: '',
  sort: 0,
  refresh: 1,
  hide: 0,
  current: [],
  options: [],
  auto: false,
  autoCount: 30,
  autoMin: '10s',
  ...more,
});

const several = (...values: string[]): ScopedValue => ({
  values,
  texts: values,
  severalPossible: true,
});
const one = (value: string): ScopedValue => ({
  values: [value],
  texts: [value],
  severalPossible: false,
});

describe('interpolation', () => {
  const scope = new Map<string, ScopedValue>([
    ['host', several('a.b:9100', 'c')],
    ['job', one('node')],
    ['quoted', one('say "hi" \\ bye')],
    ['__interval', scoped('30s')],
    ['single', several('x|y')],
  ]);
  const promql = (text: string) => interpolate(text, scope, 'promql');

  it.each([
    ['up{job="$job"}', 'up{job="node"}'],
    ['up{job="${job}"}[[[job]]]', 'up{job="node"}[node]'],
    ['rate(x[$__interval])', 'rate(x[30s])'],
    ['{instance=~"$host"}', '{instance=~"(a\\\\.b:9100|c)"}'],
    ['{x=~"$single"}', '{x=~"x\\\\|y"}'],
    ['{x="$quoted"}', '{x="say \\"hi\\" \\\\ bye"}'],
    ['${host:pipe} ${host:csv} ${host:regex}', 'a.b:9100|c a.b:9100,c (a\\.b:9100|c)'],
    ['$unknown ${other:raw} $', '$unknown ${other:raw} $'],
    ['$jobs', '$jobs'],
  ])('writes %s', (text, expected) => expect(promql(text)).toBe(expected));

  it('writes texts for readers', () =>
    expect(interpolate('CPU of $host', scope, 'text')).toBe('CPU of a.b:9100 + c'));

  it.each([
    ['glob', '{a,b}'],
    ['json', '["a","b"]'],
    ['queryparam', 'var-v=a&var-v=b'],
    ['singlequote', "'a','b'"],
    ['doublequote', '"a","b"'],
    ['lucene', '("a" OR "b")'],
    ['distributed', 'a,v=b'],
    ['percentencode', '%7Ba%2Cb%7D'],
    ['join:;', 'a;b'],
    ['nonsense', 'a,b'],
  ])('knows the format %s', (format, expected) =>
    expect(formatValues(['a', 'b'], format, 'v')).toBe(expected),
  );

  it('escapes only where several values are possible', () => {
    expect(promqlValues(['a.b'], false)).toBe('a.b');
    expect(promqlValues(['a.b'], true)).toBe('a\\\\.b');
  });
});

describe('queries of variables', () => {
  it.each([
    ['label_values(job)', { kind: 'label values', label: 'job', selector: null }],
    [
      'label_values(up{a="b",c=~"d,e"}, instance)',
      { kind: 'label values', label: 'instance', selector: 'up{a="b",c=~"d,e"}' },
    ],
    [
      'label_values(node_boot_time{instance=~"$node:(.*)"}, instance)',
      {
        kind: 'label values',
        label: 'instance',
        selector: 'node_boot_time{instance=~"$node:(.*)"}',
      },
    ],
    ['label_names()', { kind: 'label names', selector: null }],
    ['metrics(node_.*)', { kind: 'metric names', pattern: 'node_.*' }],
    [
      'query_result(topk(3, sum(up) by (job)))',
      { kind: 'query result', query: 'topk(3, sum(up) by (job))' },
    ],
    ['up{job="x"}', { kind: 'series', selector: 'up{job="x"}' }],
    ['  ', null],
  ])('%s', (text, expected) => expect(parseVariableQuery(text)).toEqual(expected));
});

describe('options', () => {
  it('are cut out by a regular expression', () => {
    const values = ['node{instance="a:1",job="x"} 1', 'node{instance="b:2",job="x"} 1', 'other'];
    expect(
      applyRegex(values, parseRegex('/instance="([^:]+):/')).map(({ value }) => value),
    ).toEqual(['a', 'b']);
    const named = parseRegex('/instance="(?<text>[^"]+)",job="(?<value>[^"]+)/');
    expect(applyRegex(values, named)).toEqual([{ text: 'b:2', value: 'x' }]);
    expect(applyRegex(['A1', 'a1'], parseRegex('/a/i')).map(({ value }) => value)).toEqual([
      'A',
      'a',
    ]);
    expect(() => parseRegex('/(/')).toThrow(/cannot be read/);
  });

  it.each([
    [0, 'n10 N2 n1'],
    [1, 'N2 n1 n10'],
    [2, 'n10 n1 N2'],
    [3, 'n1 N2 n10'],
    [4, 'n10 N2 n1'],
    [5, 'n1 n10 N2'],
    [7, 'n1 N2 n10'],
  ])('are sorted by order %i', (sort, expected) => {
    const options = ['n10', 'N2', 'n1'].map((text) => ({ text, value: text }));
    expect(
      sortOptions(options, sort)
        .map(({ text }) => text)
        .join(' '),
    ).toBe(expected);
  });

  it('are written by hand', () => {
    expect(customOptions('1m, five minutes : 5m,a\\,b')).toEqual([
      { text: '1m', value: '1m' },
      { text: 'five minutes', value: '5m' },
      { text: 'a,b', value: 'a,b' },
    ]);
  });

  it('are chosen by the address, then as saved, then the first', () => {
    const options = ['a', 'b', 'c'].map((value) => ({ text: value, value }));
    expect(chooseValues(variable('v'), options, ['b', 'c'])).toEqual(['b']);
    expect(chooseValues(variable('v', { multi: true }), options, ['b', 'x', 'c'])).toEqual([
      'b',
      'c',
    ]);
    expect(chooseValues(variable('v', { current: ['c'] }), options, ['gone'])).toEqual(['c']);
    expect(chooseValues(variable('v', { current: ['gone'] }), options, [])).toEqual(['a']);
    expect(chooseValues(variable('v', { includeAll: true }), options, [])).toEqual([ALL]);
    expect(chooseValues(variable('v', { includeAll: true }), options, ['All'])).toEqual([ALL]);
    expect(chooseValues(variable('v', { type: 'textbox', query: 'x' }), [], [''])).toEqual(['']);
    expect(chooseValues(variable('v'), [], [])).toEqual([]);
  });
});

describe('resolving', () => {
  const range = { startMs: 0, endMs: 3_600_000 };
  const chain = [
    variable('node', { query: 'label_values(up{job="$job"}, instance)' }),
    variable('job', { query: 'label_values(up, job)' }),
    variable('disk', { query: 'label_values(disk{instance="$node"}, device)', includeAll: true }),
  ];

  it('asks each after those it needs', async () => {
    expect(dependencyLevels(chain).map((level) => level.map(({ name }) => name))).toEqual([
      ['job'],
      ['node'],
      ['disk'],
    ]);
    const ask = vi.fn((query: { kind: string; selector?: string | null }) => {
      const answers: Record<string, string[]> = {
        up: ['api', 'web'],
        'up{job="web"}': ['w1', 'w2'],
        'disk{instance="w1"}': ['sda', 'sdb'],
      };
      return Promise.resolve(answers[query.selector ?? ''] ?? []);
    });
    const states = await resolveVariables(chain, {
      chosen: new Map([['job', ['web']]]),
      range,
      ask,
    });
    expect(states.map(({ variable: { name }, values }) => [name, values])).toEqual([
      ['node', ['w1']],
      ['job', ['web']],
      ['disk', [ALL]],
    ]);
    expect(ask).toHaveBeenCalledTimes(3);
    expect(interpolate('$disk', scopeOf(states), 'promql')).toBe('(sda|sdb)');
    expect(repeatValues(states[2]!).map(({ value }) => value)).toEqual(['sda', 'sdb']);
  });

  it('goes on where one cannot be answered', async () => {
    const ask = () => Promise.reject(new Error('no such metric'));
    const states = await resolveVariables(chain, {
      chosen: new Map([['node', ['w9']]]),
      range,
      ask,
    });
    expect(states.map(({ problem }) => problem)).toEqual([
      'no such metric',
      'no such metric',
      'no such metric',
    ]);
    expect(states[0]?.values).toEqual(['w9']);
  });

  it('survives variables that need each other', () => {
    const circle = [variable('a', { query: '$b' }), variable('b', { query: '$a' })];
    expect(dependencyLevels(circle).flat()).toHaveLength(2);
  });

  it('puts All in as it is where the dashboard says what it means', async () => {
    const all = [variable('x', { type: 'custom', query: 'a,b', includeAll: true, allValue: '.*' })];
    const states = await resolveVariables(all, {
      chosen: new Map(),
      range,
      ask: () => Promise.resolve([]),
    });
    expect(interpolate('{x=~"$x"}', scopeOf(states), 'promql')).toBe('{x=~".*"}');
  });

  it('chooses the width of an interval by the range', async () => {
    const width = [variable('w', { type: 'interval', query: '1m,10m', auto: true, autoCount: 30 })];
    const states = await resolveVariables(width, {
      chosen: new Map(),
      range,
      ask: () => Promise.resolve([]),
    });
    expect(interpolate('[$w]', scopeOf(states, range), 'promql')).toBe('[2m]');
  });
});
