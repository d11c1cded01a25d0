// Frames on their way to a panel: transformations, then units, thresholds, mappings and overrides.
import {
  applyFieldOverrides,
  createTheme,
  type DataFrame,
  type DataTransformerConfig,
  type FieldConfigSource,
  type GrafanaTheme2,
  transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import type { Scheme } from '@/charts/palette';
import type { Zone } from '@/time/time-range';
import { fieldConfigRegistry, knowsTransformation } from './registries';

const THEMES: Readonly<Record<Scheme, GrafanaTheme2>> = {
  dark: createTheme({ colors: { mode: 'dark' } }),
  light: createTheme({ colors: { mode: 'light' } }),
};

export function themeOf(scheme: Scheme): GrafanaTheme2 {
  return THEMES[scheme];
}

/** A named Grafana colour, such as `semi-dark-red`, or any CSS colour, as the scheme shows it. */
export function colorByName(name: string, scheme: Scheme): string {
  return THEMES[scheme].visualization.getColorByName(name);
}

export type Interpolate = (text: string) => string;

/** Applies the transformations this version knows; the others are named, so that the panel can say so. */
export async function transformFrames(
  frames: DataFrame[],
  transformations: readonly DataTransformerConfig[],
  interpolate: Interpolate,
): Promise<{ frames: DataFrame[]; unknown: string[] }> {
  const known = transformations.filter(({ id }) => knowsTransformation(id));
  const unknown = transformations.map(({ id }) => id).filter((id) => !knowsTransformation(id));
  if (known.length === 0) return { frames, unknown };
  return {
    frames: await lastValueFrom(transformDataFrame([...known], frames, { interpolate })),
    unknown,
  };
}

export interface FieldContext {
  fieldConfig: FieldConfigSource;
  interpolate: Interpolate;
  scheme: Scheme;
  zone: Zone;
}

export function applyFieldConfig(frames: DataFrame[], context: FieldContext): DataFrame[] {
  return applyFieldOverrides({
    data: frames,
    fieldConfig: context.fieldConfig,
    fieldConfigRegistry,
    replaceVariables: context.interpolate,
    theme: THEMES[context.scheme],
    timeZone: timeZoneOf(context.zone),
  });
}

export function timeZoneOf(zone: Zone): string {
  return zone === 'utc' ? 'utc' : 'browser';
}
