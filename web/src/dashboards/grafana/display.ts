// Values as Grafana shows them: names of fields, formatted values, colours, reduced values for stats and gauges.
import {
  type DataFrame,
  type DisplayValue,
  type Field,
  FieldColorModeId,
  type FieldConfigSource,
  type FieldDisplay,
  fieldReducers,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  getFieldDisplayValues,
  getFieldSeriesColor,
  reduceField,
} from '@grafana/data';
import { type Scheme, seriesColors } from '@/charts/palette';
import type { ValueFormat } from '@/format/quantity';
import type { Zone } from '@/time/time-range';
import { type Json, object, strings, text } from '../json';
import { type Interpolate, themeOf, timeZoneOf } from './process';

export { FieldType };
export type { DataFrame, DisplayValue, Field, FieldDisplay };

export function fieldName(field: Field, frame: DataFrame, frames: DataFrame[]): string {
  return getFieldDisplayName(field, frame, frames);
}

export function displayValue(field: Field, value: unknown): DisplayValue {
  return field.display?.(value) ?? { text: String(value), numeric: Number(value) };
}

export function displayText(display: DisplayValue): string {
  return formattedValueToString(display);
}

/** A value between what an old panel put before and behind it; nothing is put around the lack of one. */
export function framedText(display: DisplayValue, options: Json): string {
  const shown = displayText(display);
  return Number.isNaN(display.numeric)
    ? shown
    : `${text(options.prefix)}${shown}${text(options.postfix)}`;
}

/** A field's format for axes, legends and tooltips; more digits ask for more decimals. */
export function fieldFormat(field: Field): ValueFormat {
  return (value, digits) => {
    const display = field.display;
    if (display === undefined) return String(value);
    return formattedValueToString(
      digits === undefined ? display(value) : display(value, digits - 3),
    );
  };
}

const PALETTE_MODES = new Set<string>([
  FieldColorModeId.PaletteClassic,
  FieldColorModeId.PaletteClassicByName,
]);

/** Whether a series takes its colour from the palette, which here goes by name. */
export function isPaletteColor(field: Field): boolean {
  const mode = field.config.color?.mode;
  return mode === undefined || PALETTE_MODES.has(mode);
}

export function fieldColor(field: Field, scheme: Scheme): string {
  const { color } = getFieldSeriesColor(field, themeOf(scheme));
  return color;
}

/** Reduces a field, for legends: the value and the reducer's title. */
export function reducerTitle(id: string): string {
  return fieldReducers.getIfExists(id)?.name ?? id;
}

export function reduceTo(field: Field, reducer: string): number | null {
  if (fieldReducers.getIfExists(reducer) === undefined) return null;
  const value: unknown = reduceField({ field, reducers: [reducer] })[reducer];
  return typeof value === 'number' && !Number.isNaN(value) ? value : null;
}

export interface ReduceContext {
  frames: DataFrame[];
  fieldConfig: FieldConfigSource;
  options: unknown;
  interpolate: Interpolate;
  scheme: Scheme;
  zone: Zone;
}

/** The values a stat, gauge or pie shows, each with its text, colour and course. */
export function reducedValues(context: ReduceContext): FieldDisplay[] {
  const reduce = object(object(context.options).reduceOptions);
  const calcs = strings(reduce.calcs).filter(
    (calc) => fieldReducers.getIfExists(calc) !== undefined,
  );
  const displays = getFieldDisplayValues({
    data: context.frames,
    fieldConfig: context.fieldConfig,
    reduceOptions: {
      calcs: calcs.length === 0 ? ['lastNotNull'] : calcs,
      values: reduce.values === true,
      fields: text(reduce.fields),
      ...(typeof reduce.limit === 'number' && { limit: reduce.limit }),
    },
    replaceVariables: context.interpolate,
    sparkline: true,
    theme: themeOf(context.scheme),
    timeZone: timeZoneOf(context.zone),
  });
  return withPaletteByName(displays.map(withoutColorOfNothing), context.scheme);
}

/** Thresholds judge values; that there is none is neither good nor bad. */
function withoutColorOfNothing(entry: FieldDisplay): FieldDisplay {
  const { display, field } = entry;
  const isNothing = Number.isNaN(display.numeric) && display.text === (field.noValue ?? 'No data');
  return isNothing ? { ...entry, display: { ...display, color: 'var(--faint)' } } : entry;
}

/** Where the palette gives the colours, a name has the same one here as in every chart. */
function withPaletteByName(displays: FieldDisplay[], scheme: Scheme): FieldDisplay[] {
  const palette = displays.filter(({ field }) => PALETTE_MODES.has(field.color?.mode ?? ''));
  const colors = seriesColors(
    palette.map(({ display }) => display.title ?? ''),
    scheme,
  );
  return displays.map((entry) => {
    if (!palette.includes(entry)) return entry;
    const color = colors.get(entry.display.title ?? '');
    return color === undefined ? entry : { ...entry, display: { ...entry.display, color } };
  });
}
