// Field options: defaults and overrides, with the old notation of mappings and the base of thresholds made right.
import type { FieldConfigSource } from '@grafana/data';
import { isObject, type Json, list, number, object, objects, text } from '../json';

export function readFieldConfig(raw: unknown): FieldConfigSource {
  const source = object(raw);
  const overrides = objects(source.overrides).filter((rule) => isObject(rule.matcher));
  return {
    defaults: normalise(object(source.defaults)),
    overrides: overrides.map((rule) => ({
      matcher: rule.matcher,
      properties: objects(rule.properties).map(({ id, value }) => ({
        id: text(id),
        value: normalise({ [text(id)]: value })[text(id)],
      })),
    })),
  } as unknown as FieldConfigSource;
}

function normalise(config: Json): Json {
  const next: Record<string, unknown> = { ...config };
  if (isObject(config.thresholds)) next.thresholds = readThresholds(config.thresholds);
  if (Array.isArray(config.mappings)) next.mappings = readMappings(config.mappings);
  return next;
}

/** The lowest step reaches down without end; JSON writes that as null or leaves it away. */
export function readThresholds(thresholds: Json): Json {
  const steps = objects(thresholds.steps).map((step, index) => ({
    color: text(step.color, 'green'),
    value: index === 0 ? -Infinity : (number(step.value) ?? -Infinity),
  }));
  return { mode: text(thresholds.mode, 'absolute'), steps };
}

/** Until Grafana 8 a mapping was a numbered type with its values beside. */
export function readMappings(mappings: readonly unknown[]): Json[] {
  return objects(mappings).flatMap((mapping, index) => {
    if (typeof mapping.type === 'string') return [mapping];
    const result = { text: text(mapping.text), index };
    if (number(mapping.type) === 2) {
      const options = { from: number(mapping.from), to: number(mapping.to), result };
      return [{ type: 'range', options }];
    }
    const value = text(mapping.value);
    if (value === 'null') return [{ type: 'special', options: { match: 'null', result } }];
    return value === '' ? [] : [{ type: 'value', options: { [value]: result } }];
  });
}

/** Mappings as singlestat and the old table wrote them. */
export function legacyMappings(panel: Json): Json[] {
  const ranges = number(panel.mappingType) === 2;
  const maps = ranges ? objects(panel.rangeMaps) : objects(panel.valueMaps);
  return readMappings(
    maps
      .filter((map) => text(map.text) !== 'N/A' || text(map.value ?? map.from) !== 'null')
      .map((map) => ({ ...map, type: ranges ? 2 : 1 })),
  );
}

/** Thresholds as `"50,80"` with three colours. */
export function legacyThresholds(thresholds: unknown, colors: unknown): Json | null {
  const values = text(thresholds)
    .split(',')
    .map((part) => number(part.trim()))
    .filter((value): value is number => value !== null);
  const palette = list(colors).map((color) => text(color, 'green'));
  if (values.length === 0 || palette.length === 0) return null;
  const steps = palette.slice(0, values.length + 1).map((color, index) => ({
    color,
    value: index === 0 ? -Infinity : (values[index - 1] ?? -Infinity),
  }));
  return { mode: 'absolute', steps };
}
