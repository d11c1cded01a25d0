// Template variables of any age.
import { flag, isObject, type Json, list, number, object, objects, text } from '../json';
import { ALL, type Variable, type VariableOption, type VariableType } from '../schema';

const TYPES: readonly VariableType[] = [
  'query',
  'custom',
  'interval',
  'textbox',
  'constant',
  'datasource',
  'adhoc',
];

export function readVariables(dashboard: Json): Variable[] {
  const inputs = objects(dashboard.__inputs);
  return objects(object(dashboard.templating).list)
    .filter((raw) => text(raw.name) !== '')
    .map((raw) => readVariable(raw, inputs));
}

function readVariable(raw: Json, inputs: readonly Json[]): Variable {
  const type = TYPES.find((known) => known === raw.type) ?? 'query';
  const options = objects(raw.options)
    .map(readOption)
    .filter(({ value }) => value !== ALL);
  return {
    name: text(raw.name),
    label: text(raw.label) === '' ? text(raw.name) : text(raw.label),
    description: text(raw.description),
    type,
    query: withInputs(queryText(raw, type), inputs),
    regex: text(raw.regex),
    multi: flag(raw.multi),
    includeAll: flag(raw.includeAll),
    allValue: text(raw.allValue),
    sort: number(raw.sort) ?? 0,
    refresh: number(raw.refresh) ?? (raw.refresh === true ? 1 : 0),
    hide:
      number(raw.hide) ??
      (typeof raw.hide === 'string' ? hideNumber(raw.hide) : flag(raw.hideLabel) ? 1 : 0),
    current: currentValues(object(raw.current)),
    options,
    auto: flag(raw.auto),
    autoCount: number(raw.auto_count) ?? 30,
    autoMin: text(raw.auto_min, '10s'),
  };
}

const hideNumber = (hide: string) => (hide === 'hideVariable' ? 2 : hide === 'hideLabel' ? 1 : 0);

function readOption(option: Json): VariableOption {
  const value = text(option.value, text(option.text));
  return { value, text: text(option.text, value) };
}

/** Values saved as one or as several; the old word for all is `$__all` too. */
function currentValues(current: Json): string[] {
  const value = current.value ?? current.text;
  const values = Array.isArray(value)
    ? list(value)
    : value === undefined || value === null
      ? []
      : [value];
  return values.map((item) => text(item)).filter((item) => item !== '' || values.length === 1);
}

/** A query variable's text, also where the query was saved as the parts of a form. */
function queryText(raw: Json, type: VariableType): string {
  const { query } = raw;
  if (typeof query === 'string') return query;
  if (!isObject(query)) return type === 'query' ? text(raw.definition) : '';
  const written = text(query.query) || text(query.expr);
  if (written !== '') return written;
  const label = text(query.label);
  const metric = text(query.metric);
  switch (number(query.qryType)) {
    case 0:
      return metric === '' ? 'label_names()' : `label_names(${metric})`;
    case 1:
      return metric === '' ? `label_values(${label})` : `label_values(${metric}, ${label})`;
    case 2:
      return `metrics(${metric === '' ? '.*' : metric})`;
    default:
      return text(raw.definition);
  }
}

/** `${VAR_…}` names a value that is asked for when a dashboard is imported; its default stands in for it. */
function withInputs(query: string, inputs: readonly Json[]): string {
  return inputs.reduce<string>((result, input) => {
    const name = text(input.name);
    return name === '' || text(input.type) !== 'constant'
      ? result
      : result.replaceAll(`\${${name}}`, text(input.value));
  }, query);
}
