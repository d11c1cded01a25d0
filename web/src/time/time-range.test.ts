import { describe, expect, it } from 'vitest';
import { formatAgo, formatDuration, formatNanoseconds, describeRange } from './format-time';
import { parseTime, resolveRange, shiftRange, TimeError, zoomOutRange } from './time-range';

const NOW = Date.UTC(2026, 2, 15, 13, 45, 30, 500);
const at = (text: string, end = false) => new Date(parseTime(text, NOW, 'utc', end)).toISOString();

describe('parseTime', () => {
  it.each([
    ['now', '2026-03-15T13:45:30.500Z'],
    ['now-5m', '2026-03-15T13:40:30.500Z'],
    ['now-1h+30m', '2026-03-15T13:15:30.500Z'],
    ['now/d', '2026-03-15T00:00:00.000Z'],
    ['now/w', '2026-03-09T00:00:00.000Z'],
    ['now-1M/M', '2026-02-01T00:00:00.000Z'],
    ['now-1d/d', '2026-03-14T00:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01 06:07:08', '2026-03-01T06:07:08.000Z'],
    ['2026-03-01T06:07:08.25+02:00', '2026-03-01T04:07:08.250Z'],
    ['1772323200000', '2026-03-01T00:00:00.000Z'],
    ['1772323200', '2026-03-01T00:00:00.000Z'],
  ])('reads %s', (text, expected) => expect(at(text)).toBe(expected));

  it('rounds an end up to the last millisecond', () => {
    expect(at('now/d', true)).toBe('2026-03-15T23:59:59.999Z');
    expect(at('now-1d/d', true)).toBe('2026-03-14T23:59:59.999Z');
    expect(at('2026-03-01', true)).toBe('2026-03-01T23:59:59.000Z');
  });

  it.each(['', 'yesterday', 'now-5x', '2026-02-30', '2026-13-01', 'now--1h'])(
    'refuses %s',
    (text) => expect(() => parseTime(text, NOW, 'utc')).toThrow(TimeError),
  );
});

describe('ranges', () => {
  it('end after they start', () => {
    expect(() => resolveRange({ from: 'now', to: 'now-1h' }, NOW, 'utc')).toThrow(/ends before/);
  });

  it('step by half, never beyond now', () => {
    const hour = { startMs: NOW - 7_200_000, endMs: NOW - 3_600_000 };
    expect(shiftRange(hour, -1, NOW)).toEqual({
      from: String(NOW - 9_000_000),
      to: String(NOW - 5_400_000),
    });
    const last = { startMs: NOW - 3_600_000, endMs: NOW };
    expect(shiftRange(last, 1, NOW)).toEqual({ from: String(NOW - 3_600_000), to: String(NOW) });
  });

  it('zoom out to twice the length, keeping what is relative', () => {
    expect(zoomOutRange({ from: 'now-3h', to: 'now' }, { startMs: 0, endMs: 1 }, NOW)).toEqual({
      from: 'now-6h',
      to: 'now',
    });
    expect(zoomOutRange({ from: '1000', to: '2000' }, { startMs: 1000, endMs: 2000 }, NOW)).toEqual(
      { from: '500', to: '2500' },
    );
  });

  it('are named', () => {
    const resolved = { startMs: Date.UTC(2026, 0, 1, 8), endMs: Date.UTC(2026, 0, 1, 9) };
    expect(describeRange({ from: 'now-1h', to: 'now' }, resolved, 'utc')).toBe('Last 1 hour');
    expect(describeRange({ from: 'now-90m', to: 'now' }, resolved, 'utc')).toBe('Last 90 minutes');
    expect(describeRange({ from: '1', to: '2' }, resolved, 'utc')).toBe(
      '2026-01-01 08:00:00 → 09:00:00',
    );
  });
});

describe('formats', () => {
  it.each([
    [0, '0 ms'],
    [0.00042, '420 ns'],
    [0.32, '320 µs'],
    [1.239, '1.24 ms'],
    [12.39, '12.4 ms'],
    [999.4, '999 ms'],
    [1500, '1.5 s'],
    [90_000, '1 m 30 s'],
    [7_500_000, '2 h 5 m'],
    [172_800_000, '2 d'],
  ])('a duration of %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('keeps all digits of nanoseconds', () => {
    expect(formatNanoseconds('1772323200123456789', 'utc')).toBe('2026-03-01 00:00:00.123456789');
    expect(formatNanoseconds('1772323200123000000', 'utc')).toBe('2026-03-01 00:00:00.123');
  });

  it('says how long ago', () => {
    expect(formatAgo(NOW - 500, NOW)).toBe('just now');
    expect(formatAgo(NOW - 185_000, NOW)).toBe('3 min ago');
    expect(formatAgo(NOW + 7_200_000, NOW)).toBe('in 2 h');
  });
});
