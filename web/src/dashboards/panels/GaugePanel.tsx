// Round gauges with their thresholds as an outer ring.
import { useMemo } from 'react';
import type { Scheme } from '@/charts/palette';
import { useSize } from '@/ui/use-size';
import { type FieldDisplay, framedText, reducedValues } from '../grafana/display';
import { colorByName } from '../grafana/process';
import { flag, type Json, number, object, objects, text } from '../json';
import { fitText, gridFor } from './fit-text';
import { arc, gaugeSteps } from './gauge-geometry';
import type { PanelView } from './panel-view';
import styles from './panels.module.css';

export function GaugePanel({ panel, frames, fieldConfig, interpolate, scheme, zone }: PanelView) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const { options } = panel;
  const values = useMemo(
    () => reducedValues({ frames, fieldConfig, options, interpolate, scheme, zone }),
    [frames, fieldConfig, options, interpolate, scheme, zone],
  );
  const grid = gridFor(Math.max(1, values.length), width, height, 1.1);
  return (
    <div
      ref={box}
      className={styles.values}
      style={{ gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))` }}
    >
      {width > 0 &&
        values.map((value, index) => (
          <Gauge
            key={index}
            value={value}
            options={options}
            scheme={scheme}
            size={{ width: width / grid.columns, height: height / grid.rows }}
            named={values.length > 1}
          />
        ))}
    </div>
  );
}

interface GaugeProps {
  value: FieldDisplay;
  options: Json;
  scheme: Scheme;
  size: { width: number; height: number };
  named: boolean;
}

function Gauge({ value, options, scheme, size, named }: GaugeProps) {
  const { display, field } = value;
  const min = field.min ?? 0;
  const max = field.max ?? 100;
  const share = Number.isNaN(display.numeric) ? 0 : (display.numeric - min) / (max - min || 1);
  const title = display.title ?? '';
  const nameHeight = named ? 18 : 0;
  // The open bottom of the arc leaves a quarter of the circle's height unused.
  const diameter = Math.max(40, Math.min(size.width - 8, (size.height - nameHeight - 4) / 0.8));
  const ring = Math.max(2, diameter * 0.025);
  const thick = Math.max(6, diameter * 0.12);
  const center = diameter / 2;
  const outer = center - ring / 2 - 1;
  const inner = outer - ring / 2 - 2 - thick / 2;
  const shown = framedText(display, options);
  const steps = gaugeSteps(
    thresholdSteps(field, scheme),
    min,
    max,
    object(field.thresholds).mode === 'percentage',
  );
  return (
    <div className={styles.gauge} title={title === '' ? shown : `${title}: ${shown}`}>
      <svg width={diameter} height={diameter * 0.8} role="img" aria-label={`${title} ${shown}`}>
        <path d={arc(center, inner, 0, 1)} fill="none" stroke="var(--hover)" strokeWidth={thick} />
        {share > 0 && (
          <path
            d={arc(center, inner, 0, Math.min(1, share))}
            fill="none"
            stroke={display.color ?? 'var(--accent)'}
            strokeWidth={thick}
          />
        )}
        {flag(options.showThresholdMarkers, true) &&
          steps.map(({ from, to, color }) =>
            to > from ? (
              <path
                key={from}
                d={arc(center, outer, from, to)}
                fill="none"
                stroke={color}
                strokeWidth={ring}
              />
            ) : null,
          )}
        <text
          x={center}
          y={center}
          dominantBaseline="central"
          textAnchor="middle"
          fill={display.color ?? 'var(--text)'}
          fontSize={fitText(shown, (inner - thick / 2) * 1.75, diameter * 0.36, 44)}
          fontWeight={600}
        >
          {shown}
        </text>
      </svg>
      {named && <div className={`${styles.statName ?? ''} truncate`}>{title}</div>}
    </div>
  );
}

function thresholdSteps(
  field: FieldDisplay['field'],
  scheme: Scheme,
): { value: number; color: string }[] {
  return objects(object(field.thresholds).steps).map((step) => ({
    value: number(step.value) ?? -Infinity,
    color: colorByName(text(step.color, 'green'), scheme),
  }));
}
