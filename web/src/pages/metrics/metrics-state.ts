// What the metrics page shows, as it stands in the address.
import type { UrlCodec } from '@/router/url-state';

export interface MetricQuery {
  expr: string;
  /** A name for the series, with `{{label}}` for labels; empty for the labels that differ. */
  legend: string;
  hidden: boolean;
}

export interface MetricsState {
  queries: readonly MetricQuery[];
  view: 'chart' | 'table';
  stacked: boolean;
  exemplars: boolean;
  browser: boolean;
}

export const NO_QUERY: MetricQuery = { expr: '', legend: '', hidden: false };

export const metricsCodec: UrlCodec<MetricsState> = {
  decode: (params) => {
    const legends = params.getAll('legend');
    const hidden = new Set((params.get('off') ?? '').split(',').filter((index) => index !== ''));
    const queries = params.getAll('expr').map((expr, index) => ({
      expr,
      legend: legends[index] ?? '',
      hidden: hidden.has(String(index)),
    }));
    return {
      queries: queries.length === 0 ? [NO_QUERY] : queries,
      view: params.get('view') === 'table' ? 'table' : 'chart',
      stacked: params.has('stack'),
      exemplars: params.get('exemplars') !== 'off',
      browser: params.has('browse'),
    };
  },
  encode: ({ queries, view, stacked, exemplars, browser }) => ({
    expr: queries.map(({ expr }) => expr),
    legend: queries.some(({ legend }) => legend !== '')
      ? queries.map(({ legend }) => legend)
      : null,
    off: queries.flatMap(({ hidden }, index) => (hidden ? [index] : [])).join(','),
    view: view === 'table' ? 'table' : null,
    stack: stacked ? '1' : null,
    exemplars: exemplars ? null : 'off',
    browse: browser ? '1' : null,
  }),
};

/** A, B, … Z, AA: how queries are called. */
export function queryName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : queryName(Math.floor(index / 26) - 1) + letter;
}
