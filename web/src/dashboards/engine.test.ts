import { describe, expect, it } from 'vitest';
import { panelRange } from '@/pages/dashboards/panel-range';
import { formatInterval, intervalScope, parseInterval, roundInterval, stepsFor } from './interval';
import { layOut } from './layout';
import { resolveHref, withParams, withValue } from './links';
import { migratePanel } from './migrate/panel';
import { arc, gaugeSteps } from './panels/gauge-geometry';
import { fitText, gridFor } from './panels/fit-text';
import type { Panel } from './schema';

const HOUR = 3_600_000;

describe('steps', () => {
  const question = {
    range: { startMs: 0, endMs: HOUR },
    maxDataPoints: 1000,
    panelInterval: '',
    targetInterval: '',
    intervalFactor: 1,
  };

  it('are those of Grafana', () => {
    expect(stepsFor(question)).toEqual({ stepMs: 15_000, rateIntervalMs: 60_000 });
    expect(stepsFor({ ...question, range: { startMs: 0, endMs: 24 * HOUR } })).toEqual({
      stepMs: 60_000,
      rateIntervalMs: 75_000,
    });
    expect(stepsFor({ ...question, panelInterval: '1m' })).toEqual({
      stepMs: 60_000,
      rateIntervalMs: 240_000,
    });
    expect(stepsFor({ ...question, targetInterval: '30s' })).toEqual({
      stepMs: 30_000,
      rateIntervalMs: 120_000,
    });
    expect(stepsFor({ ...question, intervalFactor: 2 }).stepMs).toBe(30_000);
  });

  it('never ask for more points than Prometheus gives', () => {
    const year = { startMs: 0, endMs: 365 * 24 * HOUR };
    expect(
      (365 * 24 * HOUR) / stepsFor({ ...question, range: year, maxDataPoints: 100_000 }).stepMs,
    ).toBeLessThanOrEqual(11_000);
  });

  it('are read and written', () => {
    expect(parseInterval('>1m30s')).toBe(90_000);
    expect(parseInterval('1d')).toBe(24 * HOUR);
    expect(parseInterval('soon')).toBeNull();
    expect([1500, 60_000, 90_000, 86_400_000].map(formatInterval)).toEqual([
      '1500ms',
      '1m',
      '90s',
      '1d',
    ]);
    expect([12_499, 12_500, 44_999].map(roundInterval)).toEqual([10_000, 15_000, 30_000]);
    const scope = intervalScope(
      { stepMs: 30_000, rateIntervalMs: 120_000 },
      { startMs: 0, endMs: HOUR },
    );
    expect(scope.get('__rate_interval')?.values).toEqual(['2m']);
    expect(scope.get('__range')?.values).toEqual(['3600s']);
  });
});

describe('the range of a panel', () => {
  const range = { startMs: 10 * HOUR, endMs: 12 * HOUR };

  it('may be its own', () => {
    expect(panelRange({ timeFrom: '1h', timeShift: '' }, range, 'utc')).toEqual({
      range: { startMs: 11 * HOUR, endMs: 12 * HOUR },
      note: 'last 1h',
    });
    expect(panelRange({ timeFrom: '', timeShift: '1h' }, range, 'utc')).toEqual({
      range: { startMs: 9 * HOUR, endMs: 11 * HOUR },
      note: 'shifted by 1h',
    });
    expect(panelRange({ timeFrom: 'nonsense', timeShift: 'x' }, range, 'utc')).toEqual({
      range,
      note: '',
    });
  });
});

const panel = (id: number, gridPos: object, more: object = {}): Panel =>
  migratePanel({ id, type: 'stat', title: `${id}`, gridPos, ...more });
const option = (value: string) => ({ value, text: value });

describe('the layout', () => {
  const places = (sections: ReturnType<typeof layOut>) =>
    sections.map(({ key, panels }) => [
      key,
      panels.map(({ key: own, pos }) => `${own}@${pos.x},${pos.y},${pos.w}x${pos.h}`),
    ]);

  it('gives every open row what follows it, and a collapsed one what lies in it', () => {
    const sections = layOut(
      [
        panel(1, { x: 0, y: 0, w: 12, h: 4 }),
        panel(2, { x: 0, y: 4, w: 24, h: 1 }, { type: 'row' }),
        panel(3, { x: 0, y: 5, w: 12, h: 4 }),
        panel(
          4,
          { x: 0, y: 9, w: 24, h: 1 },
          {
            type: 'row',
            collapsed: true,
            panels: [{ id: 5, type: 'stat', gridPos: { x: 6, y: 10, w: 6, h: 3 } }],
          },
        ),
      ],
      () => null,
    );
    expect(places(sections)).toEqual([
      ['top', ['1@0,0,12x4']],
      ['2', ['3@0,0,12x4']],
      ['4', ['5@6,0,6x3']],
    ]);
    expect(sections.map(({ collapsed }) => collapsed)).toEqual([false, false, true]);
  });

  it('closes gaps upwards', () => {
    const sections = layOut(
      [
        panel(1, { x: 0, y: 3, w: 12, h: 4 }),
        panel(2, { x: 12, y: 9, w: 12, h: 2 }),
        panel(3, { x: 6, y: 20, w: 12, h: 2 }),
      ],
      () => null,
    );
    expect(places(sections)[0]?.[1]).toEqual(['1@0,0,12x4', '2@12,0,12x2', '3@6,4,12x2']);
    expect(sections[0]?.height).toBe(6);
  });

  it('draws repeats side by side and moves the rest down', () => {
    const repeated = panel(1, { x: 0, y: 0, w: 24, h: 4 }, { repeat: 'host', maxPerRow: 2 });
    const sections = layOut([repeated, panel(2, { x: 0, y: 4, w: 24, h: 2 })], (name) =>
      name === 'host' ? ['a', 'b', 'c'].map(option) : null,
    );
    expect(places(sections)[0]?.[1]).toEqual([
      '1-host=a@0,0,12x4',
      '1-host=b@12,0,12x4',
      '1-host=c@0,4,12x4',
      '2@0,8,24x2',
    ]);
    expect(sections[0]?.panels[1]?.scope.get('host')?.values).toEqual(['b']);
  });

  it('draws repeats below each other', () => {
    const repeated = panel(1, { x: 4, y: 0, w: 8, h: 3 }, { repeat: 'host', repeatDirection: 'v' });
    const sections = layOut([repeated], () => ['a', 'b'].map(option));
    expect(places(sections)[0]?.[1]).toEqual(['1-host=a@4,0,8x3', '1-host=b@4,3,8x3']);
  });

  it('repeats rows with their panels', () => {
    const row = panel(1, { x: 0, y: 0, w: 24, h: 1 }, { type: 'row', repeat: 'job' });
    const sections = layOut([row, panel(2, { x: 0, y: 1, w: 24, h: 3 })], () =>
      ['a', 'b'].map(option),
    );
    expect(places(sections)).toEqual([
      ['1-job=a', ['2-job=a@0,0,24x3']],
      ['1-job=b', ['2-job=b@0,0,24x3']],
    ]);
    expect(sections[1]?.panels[0]?.scope.get('job')?.values).toEqual(['b']);
  });

  it('shows a repeat once while its variable has no values', () => {
    const repeated = panel(1, { x: 0, y: 0, w: 12, h: 4 }, { repeat: 'host' });
    expect(places(layOut([repeated], () => []))[0]?.[1]).toEqual(['1@0,0,12x4']);
  });
});

describe('links', () => {
  it('lead to our own dashboards', () => {
    expect(resolveHref('/d/abc/some-name?var-x=1')).toBe('/dashboards/abc?var-x=1');
    expect(resolveHref('d/abc')).toBe('/dashboards/abc');
    expect(resolveHref('https://example.org/d/abc')).toBe('https://example.org/d/abc');
    expect(resolveHref('javascript:alert(1)')).toBeNull();
    expect(withParams('/a?b=c#d', 'e=f')).toBe('/a?b=c&e=f#d');
  });

  it('refer to values, which cannot break out of them', () => {
    const value = {
      raw: '1&2',
      text: 'one',
      numeric: '1',
      timeMs: '5',
      fieldName: 'cpu',
      labels: { host: 'a b' },
      row: [{ name: 'Name', text: 'x/y' }],
    };
    expect(
      withValue(
        '/x?r=${__value.raw}&t=${__value.time}&h=${__field.labels.host}&n=${__data.fields.Name}&i=${__data.fields[0]}&f=${__field.name}',
        value,
      ),
    ).toBe('/x?r=1%262&t=5&h=a%20b&n=x%2Fy&i=x%2Fy&f=cpu');
    expect(withValue('${__data.fields["missing"]}', value)).toBe('');
  });
});

describe('drawing values', () => {
  it('cuts thresholds at the ends of a gauge', () => {
    const steps = [
      { value: -Infinity, color: 'green' },
      { value: 50, color: 'orange' },
      { value: 500, color: 'red' },
    ];
    expect(gaugeSteps(steps, 0, 200, false)).toEqual([
      { from: 0, to: 0.25, color: 'green' },
      { from: 0.25, to: 1, color: 'orange' },
      { from: 1, to: 1, color: 'red' },
    ]);
    expect(gaugeSteps(steps, 0, 200, true)[1]).toEqual({ from: 0.5, to: 1, color: 'orange' });
    expect(arc(50, 40, 0, 1)).toMatch(/^M 15\.36 70\.00 A 40 40 0 1 1 84\.64 70\.00$/);
  });

  it('fits texts and boxes into their room', () => {
    expect(fitText('12345', 60, 200, 60)).toBe(20);
    expect(fitText('1', 500, 50, 60)).toBe(36);
    expect(gridFor(4, 400, 100, 2)).toEqual({ columns: 2, rows: 2 });
    expect(gridFor(3, 100, 400, 2)).toEqual({ columns: 1, rows: 3 });
  });
});
