// The state of all variables of a dashboard: options and values, each after those it depends on.
import type { ResolvedRange } from '@/time/time-range';
import { formatInterval, parseInterval, roundInterval } from '../interval';
import { ALL, type Variable, type VariableOption } from '../schema';
import { interpolate, referencedNames, type Scope, type ScopedValue } from './interpolate';
import { applyRegex, chooseValues, customOptions, parseRegex, sortOptions } from './options';
import { parseVariableQuery, type VariableQuery } from './query-variable';

export interface VariableState {
  variable: Variable;
  options: readonly VariableOption[];
  /** `$__all` alone when all are chosen. */
  values: readonly string[];
  /** Why the options are not known. */
  problem: string | null;
}

export interface ResolveContext {
  /** What the address says, by name. */
  chosen: ReadonlyMap<string, readonly string[]>;
  range: ResolvedRange;
  ask: (query: VariableQuery, variable: Variable) => Promise<readonly string[]>;
}

/** The one data source there is, for dashboards that let the reader choose. */
export const OWN_DATASOURCE = 'sightglass';

export async function resolveVariables(
  variables: readonly Variable[],
  context: ResolveContext,
): Promise<VariableState[]> {
  const states = new Map<string, VariableState>();
  for (const level of dependencyLevels(variables)) {
    const scope = scopeOf([...states.values()]);
    const resolved = await Promise.all(
      level.map((variable) => resolveOne(variable, scope, context)),
    );
    for (const state of resolved) states.set(state.variable.name, state);
  }
  return variables.flatMap(({ name }) => states.get(name) ?? []);
}

/** Variables in groups that need only those of earlier groups; a circle is broken in the order written. */
export function dependencyLevels(variables: readonly Variable[]): Variable[][] {
  const names = new Set(variables.map(({ name }) => name));
  const needs = new Map(
    variables.map((variable) => [
      variable.name,
      referencedNames(`${variable.query} ${variable.regex}`).filter(
        (name) => names.has(name) && name !== variable.name,
      ),
    ]),
  );
  const levels: Variable[][] = [];
  const done = new Set<string>();
  let left = [...variables];
  while (left.length > 0) {
    const ready = left.filter(({ name }) =>
      (needs.get(name) ?? []).every((need) => done.has(need)),
    );
    const level = ready.length > 0 ? ready : left.slice(0, 1);
    for (const { name } of level) done.add(name);
    levels.push(level);
    left = left.filter(({ name }) => !done.has(name));
  }
  return levels;
}

async function resolveOne(
  variable: Variable,
  scope: Scope,
  context: ResolveContext,
): Promise<VariableState> {
  const chosen = context.chosen.get(variable.name) ?? [];
  try {
    const options = await optionsOf(variable, scope, context);
    return { variable, options, values: chooseValues(variable, options, chosen), problem: null };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const problem = error instanceof Error ? error.message : String(error);
    return {
      variable,
      options: [],
      values: chosen.length > 0 ? chosen : variable.current,
      problem,
    };
  }
}

async function optionsOf(
  variable: Variable,
  scope: Scope,
  context: ResolveContext,
): Promise<VariableOption[]> {
  switch (variable.type) {
    case 'query': {
      const query = parseVariableQuery(interpolate(variable.query, scope, 'promql'));
      if (query === null) return [...variable.options];
      const regex = parseRegex(interpolate(variable.regex, scope, 'text'));
      return sortOptions(applyRegex(await context.ask(query, variable), regex), variable.sort);
    }
    case 'custom':
      return customOptions(interpolate(variable.query, scope, 'text'));
    case 'interval':
      return intervalOptions(variable, context.range);
    case 'datasource':
      return [{ text: 'Sightglass', value: OWN_DATASOURCE }];
    default:
      return [...variable.options];
  }
}

/** The name under which an interval chosen by the range is saved and linked. */
export const AUTO_INTERVAL = '$__auto_interval';

function intervalOptions(variable: Variable, range: ResolvedRange): VariableOption[] {
  const widths = customOptions(variable.query).filter(({ value }) => value !== 'auto');
  if (!variable.auto) return widths;
  return [
    { text: `auto (${autoInterval(variable, range)})`, value: `${AUTO_INTERVAL}_${variable.name}` },
    ...widths,
  ];
}

function autoInterval({ autoCount, autoMin }: Variable, { startMs, endMs }: ResolvedRange): string {
  const width = roundInterval((endMs - startMs) / Math.max(1, autoCount));
  return formatInterval(Math.max(width, parseInterval(autoMin) ?? 0));
}

/** The variables' values as texts refer to them. */
export function scopeOf(
  states: readonly VariableState[],
  range?: ResolvedRange,
): Map<string, ScopedValue> {
  return new Map(states.map((state) => [state.variable.name, scopedValue(state, range)]));
}

function scopedValue(
  { variable, options, values }: VariableState,
  range?: ResolvedRange,
): ScopedValue {
  const severalPossible = variable.multi || variable.includeAll;
  if (variable.type === 'interval') {
    const [width = ''] = values;
    const text =
      width.startsWith(AUTO_INTERVAL) && range !== undefined
        ? autoInterval(variable, range)
        : width;
    return { values: [text], texts: [text], severalPossible: false, verbatim: true };
  }
  if (variable.type === 'constant' || variable.type === 'textbox') {
    return { values, texts: values, severalPossible: false, verbatim: true };
  }
  if (!values.includes(ALL)) {
    return { values, texts: values.map((value) => textOf(options, value)), severalPossible };
  }
  if (variable.allValue !== '') {
    return { values: [variable.allValue], texts: ['All'], severalPossible, verbatim: true };
  }
  return { values: options.map(({ value }) => value), texts: ['All'], severalPossible };
}

function textOf(options: readonly VariableOption[], value: string): string {
  return options.find((option) => option.value === value)?.text ?? value;
}

/** The values a repeat goes through: those chosen, or all options. */
export function repeatValues({ options, values }: VariableState): VariableOption[] {
  if (values.includes(ALL)) return [...options];
  return values.map((value) => ({ value, text: textOf(options, value) }));
}
