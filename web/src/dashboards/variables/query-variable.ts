// The query language of variables: label_values, label_names, metrics, query_result, or a plain selector.
import { labelNames, labelValues, queryInstant, series } from '@/api/prometheus';
import { fullName } from '@/pages/metrics/series-names';
import type { ResolvedRange } from '@/time/time-range';

export type VariableQuery =
  | { kind: 'label values'; label: string; selector: string | null }
  | { kind: 'label names'; selector: string | null }
  | { kind: 'metric names'; pattern: string }
  | { kind: 'query result'; query: string }
  | { kind: 'series'; selector: string };

/** What a variable's query asks, after its own variables were put in. */
export function parseVariableQuery(text: string): VariableQuery | null {
  const query = text.trim();
  if (query === '') return null;
  const call = /^(label_values|label_names|metrics|query_result)\s*\(([^]*)\)\s*$/.exec(query);
  if (call === null) return { kind: 'series', selector: query };
  const argument = (call[2] ?? '').trim();
  switch (call[1]) {
    case 'label_names':
      return { kind: 'label names', selector: argument === '' ? null : argument };
    case 'metrics':
      return { kind: 'metric names', pattern: argument };
    case 'query_result':
      return { kind: 'query result', query: argument };
    default: {
      // The label is what follows the last comma; the selector before it may hold commas of its own.
      const parts = /^(?:([^]+),)?\s*([\w.:-]+)$/.exec(argument);
      if (parts === null) return null;
      const selector = parts[1]?.trim() ?? '';
      return {
        kind: 'label values',
        label: parts[2] ?? '',
        selector: selector === '' ? null : selector,
      };
    }
  }
}

/** Asks the server; the answers are the texts a variable's regular expression works on. */
export async function askVariableQuery(
  query: VariableQuery,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<string[]> {
  const match = 'selector' in query && query.selector !== null ? { match: [query.selector] } : {};
  switch (query.kind) {
    case 'label values':
      return labelValues(query.label, { ...range, ...match }, signal);
    case 'label names':
      return labelNames({ ...range, ...match }, signal);
    case 'metric names': {
      const pattern = new RegExp(query.pattern);
      return (await labelValues('__name__', range, signal)).filter((name) => pattern.test(name));
    }
    case 'query result':
      return queryResultTexts(query.query, range.endMs, signal);
    case 'series':
      return (await series({ ...range, ...match }, signal)).map(fullName);
  }
}

/** Each series as `name{labels} value timestamp`, for a regular expression to pick from. */
async function queryResultTexts(
  query: string,
  timeMs: number,
  signal: AbortSignal,
): Promise<string[]> {
  const { data } = await queryInstant(query, timeMs, signal);
  if (data.resultType === 'matrix') return [];
  if (data.resultType !== 'vector') return [`${data.result[1]} ${data.result[0] * 1000}`];
  return data.result.flatMap(({ metric, value }) =>
    value === undefined ? [] : [`${grafanaName(metric)} ${value[1]} ${value[0] * 1000}`],
  );
}

/** Grafana writes labels without spaces between them here, and regular expressions rely on it. */
function grafanaName(metric: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...labels } = metric;
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;
}
