import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatNumber,
  formatRatio,
  formatSeconds,
  formatShort,
  guessUnit,
} from './quantity';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [12.345, '12.3'],
    [123.456, '123'],
    [0.01234, '0.0123'],
    [0.00012, '1.2e-4'],
    [123456, '123456'],
    [-2.5, '-2.5'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
  ])('%s is written %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('take a prefix', () => {
    expect(formatShort(12_400)).toBe('12.4k');
    expect(formatShort(999_900)).toBe('1M');
    expect(formatBytes(3.4 * 2 ** 30)).toBe('3.4 GiB');
    expect(formatBytes(512)).toBe('512 B');
    expect(formatRatio(0.0042)).toBe('0.42 %');
    expect(formatSeconds(0.0000021)).toBe('2.1 µs');
    expect(formatSeconds(0.25)).toBe('250 ms');
    expect(formatSeconds(5400)).toBe('90 min');
  });

  it('take more digits where asked', () => expect(formatNumber(99.994, 5)).toBe('99.994'));
});

describe('guessUnit', () => {
  it.each([
    ['node_memory_MemFree_bytes', 'bytes'],
    ['rate(node_network_receive_bytes_total[1m])', 'bytes/s'],
    ['histogram_quantile(0.95, sum by (le) (rate(http_duration_seconds_bucket[1m])))', 's'],
    ['rate(http_duration_seconds_sum[1m]) / rate(http_duration_seconds_count[1m])', 's'],
    ['rate(node_cpu_seconds_total[1m])', 'short'],
    ['node_filesystem_avail_bytes / node_filesystem_size_bytes', 'short'],
    ['count(node_memory_MemFree_bytes)', 'short'],
    ['up', 'short'],
  ])('of %s is %s', (expression, unit) => expect(guessUnit(expression)).toBe(unit));
});
