// Values as bars between their limits, lying or standing.
import { useMemo } from 'react';
import { withAlpha, type Scheme } from '@/charts/palette';
import { useSize } from '@/ui/use-size';
import { displayText, type FieldDisplay, reducedValues } from '../grafana/display';
import { colorByName } from '../grafana/process';
import { flag, type Json, number, object, objects, text } from '../json';
import { gaugeSteps } from './gauge-geometry';
import type { PanelView } from './panel-view';
import styles from './panels.module.css';

export function BarGaugePanel({
  panel,
  frames,
  fieldConfig,
  interpolate,
  scheme,
  zone,
}: PanelView) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const { options } = panel;
  const values = useMemo(
    () => reducedValues({ frames, fieldConfig, options, interpolate, scheme, zone }),
    [frames, fieldConfig, options, interpolate, scheme, zone],
  );
  const wanted = text(options.orientation, 'auto');
  const lying = wanted === 'horizontal' || (wanted === 'auto' && height >= width / 2);
  const row = Math.max(
    14,
    Math.min(number(options.maxVizHeight) ?? 300, height / Math.max(1, values.length) - 4),
  );
  const nameWidth = Math.min(
    width * 0.45,
    8 + 7 * Math.max(0, ...values.map(({ display }) => (display.title ?? '').length)),
  );
  const named = values.length > 1 && options.namePlacement !== 'hidden';
  return (
    <div ref={box} className={lying ? styles.bars : styles.columns}>
      {width > 0 &&
        values.map((value, index) =>
          lying ? (
            <div key={index} className={styles.barRow} style={{ height: row }}>
              {named && (
                <span className="truncate muted" style={{ width: nameWidth, flex: 'none' }}>
                  {value.display.title}
                </span>
              )}
              <Bar value={value} options={options} scheme={scheme} lying />
              <ValueText value={value} options={options} />
            </div>
          ) : (
            <div key={index} className={styles.column}>
              <ValueText value={value} options={options} />
              <Bar value={value} options={options} scheme={scheme} lying={false} />
              {named && (
                <span className={`${styles.statName ?? ''} truncate`}>{value.display.title}</span>
              )}
            </div>
          ),
        )}
    </div>
  );
}

function ValueText({ value, options }: { value: FieldDisplay; options: Json }) {
  const color = options.valueMode === 'text' ? 'var(--text)' : value.display.color;
  return (
    <span className={styles.barValue} style={{ color }}>
      {displayText(value.display)}
    </span>
  );
}

interface BarProps {
  value: FieldDisplay;
  options: Json;
  scheme: Scheme;
  lying: boolean;
}

const LCD_CELLS = 28;

function Bar({ value: { display, field }, options, scheme, lying }: BarProps) {
  const min = field.min ?? 0;
  const max = field.max ?? 100;
  const share = Math.min(1, Math.max(0, (display.numeric - min) / (max - min || 1) || 0));
  const color = display.color ?? 'var(--accent)';
  const mode = text(options.displayMode, 'gradient');
  const thresholds = object(field.thresholds);
  const steps = gaugeSteps(
    objects(thresholds.steps).map((step) => ({
      value: number(step.value) ?? -Infinity,
      color: colorByName(text(step.color, 'green'), scheme),
    })),
    min,
    max,
    thresholds.mode === 'percentage',
  );
  const unfilled = flag(options.showUnfilled, true);
  if (mode === 'lcd') {
    const colorAt = (at: number) =>
      steps.find(({ from, to }) => at >= from && at < to)?.color ?? color;
    return (
      <div className={styles.lcd} data-lying={lying || undefined}>
        {Array.from({ length: LCD_CELLS }, (_, index) => {
          const at = index / LCD_CELLS;
          const lit = at < share;
          return (
            <span
              key={index}
              style={{
                background: lit
                  ? colorAt(at)
                  : unfilled
                    ? withAlpha(colorAt(at), 0.14)
                    : 'transparent',
              }}
            />
          );
        })}
      </div>
    );
  }
  const length = `${share * 100}%`;
  const direction = lying ? 'to right' : 'to top';
  const stops = steps
    .filter(({ from, to }) => to > from || from === 0)
    .map(({ from, color: at }) => `${at} ${(from / (share || 1)) * 100}%`);
  return (
    <div className={styles.bar} style={{ background: unfilled ? 'var(--hover)' : 'transparent' }}>
      <div
        className={styles.barFill}
        style={{
          ...(lying ? { width: length, height: '100%' } : { height: length, width: '100%' }),
          background:
            mode === 'gradient' && stops.length > 1
              ? `linear-gradient(${direction}, ${stops.join(', ')})`
              : withAlpha(color, 0.75),
        }}
      />
    </div>
  );
}
