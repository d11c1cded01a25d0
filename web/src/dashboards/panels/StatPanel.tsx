// Large values, each with its course in the background.
import { useMemo } from 'react';
import { sparklinePaths } from '@/charts/Sparkline';
import { withAlpha } from '@/charts/palette';
import { type Size, useSize } from '@/ui/use-size';
import { type FieldDisplay, framedText, reducedValues } from '../grafana/display';
import { flag, type Json, text } from '../json';
import { fitText, gridFor } from './fit-text';
import type { PanelView } from './panel-view';
import styles from './panels.module.css';

export function StatPanel({ panel, frames, fieldConfig, interpolate, scheme, zone }: PanelView) {
  const [box, size] = useSize<HTMLDivElement>();
  const { options } = panel;
  const values = useMemo(
    () => reducedValues({ frames, fieldConfig, options, interpolate, scheme, zone }),
    [frames, fieldConfig, options, interpolate, scheme, zone],
  );
  const grid = gridOf(values.length, size, text(options.orientation, 'auto'));
  const cell = { width: size.width / grid.columns, height: size.height / grid.rows };
  return (
    <div
      ref={box}
      className={styles.values}
      style={{ gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))` }}
    >
      {size.width > 0 &&
        values.map((value, index) => (
          <StatValue
            key={index}
            value={value}
            options={options}
            cell={cell}
            several={values.length > 1}
          />
        ))}
    </div>
  );
}

function gridOf(count: number, { width, height }: Size, orientation: string) {
  if (orientation === 'vertical') return { columns: 1, rows: Math.max(1, count) };
  if (orientation === 'horizontal') return { columns: Math.max(1, count), rows: 1 };
  return gridFor(Math.max(1, count), width, height, 2);
}

interface StatValueProps {
  value: FieldDisplay;
  options: Json;
  cell: Size;
  several: boolean;
}

function StatValue({ value, options, cell, several }: StatValueProps) {
  const { display, sparkline } = value;
  const look = statLook(options, several);
  const shown = framedText(display, options);
  const title = display.title ?? '';
  const color = display.color ?? 'var(--text)';
  const chart = look.chart && sparkline !== undefined && cell.height > 60;
  const room = cell.height - (look.name ? 20 : 0) - (chart ? cell.height * 0.26 : 0);
  return (
    <div
      className={styles.stat}
      data-filled={look.filled || undefined}
      data-center={look.centered || undefined}
      style={{
        background: look.filled ? color : undefined,
        // The value stands above its course.
        paddingBottom: chart ? cell.height * 0.26 : undefined,
      }}
      title={title === '' ? shown : `${title}: ${shown}`}
    >
      {chart && (
        <StatChart
          values={sparkline.y.values as (number | null)[]}
          color={look.filled ? '#ffffff' : color}
          cell={cell}
        />
      )}
      {look.name && <div className={`${styles.statName ?? ''} truncate`}>{title}</div>}
      {look.value && (
        <div
          className={styles.statValue}
          style={{
            fontSize: fitText(shown, cell.width - 20, room, 54),
            color: look.colored ? color : undefined,
          }}
        >
          {shown}
        </div>
      )}
      {flag(options.showPercentChange) && <PercentChange share={display.percentChange} />}
    </div>
  );
}

/** What of a value is shown, and how. */
function statLook(options: Json, several: boolean) {
  const mode = text(options.textMode, 'auto');
  const colorMode = text(options.colorMode, 'value');
  const justify = text(options.justifyMode, 'auto');
  return {
    name: mode === 'name' || mode === 'value_and_name' || (mode === 'auto' && several),
    value: mode !== 'name' && mode !== 'none',
    filled: colorMode.startsWith('background'),
    colored: colorMode === 'value',
    centered: justify === 'center' || (justify === 'auto' && !several),
    chart: text(options.graphMode, 'area') === 'area',
  };
}

function PercentChange({ share }: { share: number | undefined }) {
  if (share === undefined) return null;
  return <div className="muted num">{(100 * share).toFixed(1)} %</div>;
}

function StatChart({
  values,
  color,
  cell,
}: {
  values: (number | null)[];
  color: string;
  cell: Size;
}) {
  const height = Math.round(cell.height * 0.34);
  const width = Math.max(1, Math.round(cell.width));
  const known = values.filter((value): value is number => value !== null);
  const floor = Math.min(...known);
  // The course is what matters here, not the distance to zero.
  const { line, area } = sparklinePaths(
    values.map((value) => (value === null ? null : value - floor)),
    width,
    height,
  );
  return (
    <svg className={styles.statChart} width={width} height={height} aria-hidden="true">
      <path d={area} fill={withAlpha(color, 0.16)} />
      <path d={line} fill="none" stroke={withAlpha(color, 0.8)} strokeWidth={1.25} />
    </svg>
  );
}
