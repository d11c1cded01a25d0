// Stat, gauge and bar gauge before Grafana 7 kept units, limits and thresholds among their own options.
import { flag, isObject, type Json, list, number, object, objects, text } from '../json';
import { readMappings } from './field-config';

export function fieldOptionsToFieldConfig(panel: Json): Json {
  const options = object(panel.options);
  if (isObject(options.fieldOptions)) return fromFieldOptions(panel, options, options.fieldOptions);
  if (isObject(options.valueOptions)) return fromValueOptions(panel, options, options.valueOptions);
  return panel;
}

/** Grafana 6.1 to 6.7 */
function fromFieldOptions(panel: Json, options: Json, fieldOptions: Json): Json {
  const defaults = object(fieldOptions.defaults);
  const thresholds = thresholdsOf(defaults.thresholds ?? fieldOptions.thresholds);
  const mappings = list(defaults.mappings ?? fieldOptions.mappings);
  return {
    ...panel,
    fieldConfig: {
      defaults: {
        ...defaults,
        displayName: defaults.displayName ?? defaults.title,
        mappings: readMappings(mappings),
        ...(thresholds !== null && { thresholds, color: { mode: 'thresholds' } }),
      },
      overrides: objects(fieldOptions.overrides).filter((rule) => isObject(rule.matcher)),
    },
    options: {
      ...options,
      reduceOptions: {
        calcs: list(fieldOptions.calcs).map((calc) => calcName(text(calc))),
        values: flag(fieldOptions.values),
        fields: '',
      },
    },
  };
}

/** Grafana 5 and 6.0 */
function fromValueOptions(panel: Json, options: Json, valueOptions: Json): Json {
  const thresholds = thresholdsOf(options.thresholds);
  return {
    ...panel,
    fieldConfig: {
      defaults: {
        unit: text(valueOptions.unit, 'none'),
        decimals: number(valueOptions.decimals) ?? undefined,
        min: number(options.minValue) ?? undefined,
        max: number(options.maxValue) ?? undefined,
        mappings: readMappings(list(options.valueMappings)),
        ...(thresholds !== null && { thresholds, color: { mode: 'thresholds' } }),
      },
      overrides: [],
    },
    options: {
      ...options,
      prefix: text(valueOptions.prefix),
      postfix: text(valueOptions.suffix),
      reduceOptions: { calcs: [calcName(text(valueOptions.stat))], values: false, fields: '' },
    },
  };
}

function thresholdsOf(value: unknown): Json | null {
  if (isObject(value) && Array.isArray(value.steps)) return value;
  const steps = objects(value);
  if (steps.length === 0) return null;
  const sorted = [...steps].sort(
    (a, b) => (number(a.value) ?? -Infinity) - (number(b.value) ?? -Infinity),
  );
  return {
    mode: 'absolute',
    steps: sorted.map(({ value: from, color }) => ({ value: from, color })),
  };
}

/** Reducers have had several names. */
export function calcName(name: string): string {
  const renamed: Readonly<Record<string, string>> = {
    current: 'lastNotNull',
    avg: 'mean',
    total: 'sum',
    last_time: 'lastNotNull',
    '': 'lastNotNull',
  };
  return renamed[name] ?? name;
}
