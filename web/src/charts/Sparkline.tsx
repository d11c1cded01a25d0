// A line the size of a word: no axes, no pointer, drawn as SVG so that a table can hold hundreds.
import { useMemo } from 'react';
import type { Values } from './chart-series';
import styles from './chart.module.css';

interface SparklineProps {
  values: Values;
  width?: number;
  height?: number;
  /** A CSS colour. */
  color?: string;
  /** What it shows, for those who cannot see it. */
  label: string;
  /** A fixed upper end, such as 1 for a share. */
  max?: number;
}

export function Sparkline({
  values,
  width = 120,
  height = 24,
  color = 'var(--accent)',
  label,
  max,
}: SparklineProps) {
  const { line, area } = useMemo(
    () => sparklinePaths(values, width, height, max),
    [values, width, height, max],
  );
  return (
    <svg
      className={styles.sparkline}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={area} fill={color} opacity={0.14} />
      <path d={line} fill="none" stroke={color} strokeWidth={1.25} strokeLinejoin="round" />
    </svg>
  );
}

/** The line and the area below it; a gap in the values is a gap in both. */
export function sparklinePaths(
  values: Values,
  width: number,
  height: number,
  max?: number,
): { line: string; area: string } {
  const known = values.filter((value): value is number => value != null && Number.isFinite(value));
  const top = max ?? Math.max(...known, 0);
  const bottom = Math.min(...known, 0);
  const span = top - bottom || 1;
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const x = (index: number) => (index * step).toFixed(1);
  const y = (value: number) => (height - 1 - ((value - bottom) / span) * (height - 2)).toFixed(1);
  let line = '';
  let area = '';
  let start = -1;
  values.forEach((value, index) => {
    const last = index === values.length - 1 || values[index + 1] == null;
    if (value == null || !Number.isFinite(value)) return;
    line += `${start < 0 ? 'M' : 'L'}${x(index)} ${y(value)}`;
    area +=
      start < 0 ? `M${x(index)} ${height}L${x(index)} ${y(value)}` : `L${x(index)} ${y(value)}`;
    if (start < 0) start = index;
    if (!last) return;
    if (start === index) line += 'h1';
    area += `L${x(index)} ${height}Z`;
    start = -1;
  });
  return { line, area };
}
