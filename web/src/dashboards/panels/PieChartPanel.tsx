// Shares of a whole, with names, values and percentages beside.
import { useMemo, useState } from 'react';
import { useSize } from '@/ui/use-size';
import { displayText, type FieldDisplay, reducedValues } from '../grafana/display';
import { flag, object, strings } from '../json';
import type { PanelView } from './panel-view';
import styles from './panels.module.css';

interface Slice {
  value: FieldDisplay;
  from: number;
  to: number;
}

export function PieChartPanel({
  panel,
  frames,
  fieldConfig,
  interpolate,
  scheme,
  zone,
}: PanelView) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const [marked, setMarked] = useState<number | null>(null);
  const { options } = panel;
  const slices = useMemo(
    () => slicesOf(reducedValues({ frames, fieldConfig, options, interpolate, scheme, zone })),
    [frames, fieldConfig, options, interpolate, scheme, zone],
  );
  const legend = object(options.legend);
  const right = legend.placement === 'right';
  const showLegend = flag(legend.showLegend, true) && legend.displayMode !== 'hidden';
  const shown = strings(legend.values);
  const diameter = Math.max(40, Math.min(width, height) - 8);
  return (
    <div className={styles.charted} data-right={right || undefined}>
      <div ref={box} className={`${styles.chart ?? ''} ${styles.pie ?? ''}`}>
        {width > 0 && (
          <svg width={diameter} height={diameter} viewBox="-1 -1 2 2">
            {slices.map(({ value, from, to }, index) => (
              <path
                key={index}
                d={slicePath(from, to, options.pieType === 'donut' ? 0.6 : 0)}
                fill={value.display.color}
                opacity={marked === null || marked === index ? 1 : 0.4}
                stroke="var(--surface)"
                strokeWidth={0.012}
                onMouseEnter={() => setMarked(index)}
                onMouseLeave={() => setMarked(null)}
              >
                <title>{`${value.display.title ?? ''}: ${displayText(value.display)}`}</title>
              </path>
            ))}
          </svg>
        )}
      </div>
      {showLegend && (
        <ul className={styles.pieLegend}>
          {slices.map(({ value, from, to }, index) => (
            <li
              key={index}
              onMouseEnter={() => setMarked(index)}
              onMouseLeave={() => setMarked(null)}
            >
              <span className={styles.square} style={{ background: value.display.color }} />
              <span className="truncate">{value.display.title}</span>
              {(shown.length === 0 || shown.includes('value')) && (
                <span className="num">{displayText(value.display)}</span>
              )}
              {shown.includes('percent') && (
                <span className="num faint">{((to - from) * 100).toFixed(0)} %</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function slicesOf(values: readonly FieldDisplay[]): Slice[] {
  const positive = values
    .filter(({ display }) => display.numeric > 0)
    .sort((a, b) => b.display.numeric - a.display.numeric);
  const total = positive.reduce((sum, { display }) => sum + display.numeric, 0);
  let at = 0;
  return positive.map((value) => {
    const from = at;
    at += value.display.numeric / total;
    return { value, from, to: at };
  });
}

/** A slice between two shares of the circle, clockwise from the top. */
function slicePath(from: number, to: number, hole: number): string {
  // A whole circle has the same start and end, which an arc cannot draw.
  const end = to - from >= 1 ? from + 0.9999 : to;
  const point = (share: number, radius: number) =>
    `${(radius * Math.sin(2 * Math.PI * share)).toFixed(4)} ${(-radius * Math.cos(2 * Math.PI * share)).toFixed(4)}`;
  const large = end - from > 0.5 ? 1 : 0;
  const outer = `M ${point(from, 1)} A 1 1 0 ${large} 1 ${point(end, 1)}`;
  return hole === 0
    ? `${outer} L 0 0 Z`
    : `${outer} L ${point(end, hole)} A ${hole} ${hole} 0 ${large} 0 ${point(from, hole)} Z`;
}
