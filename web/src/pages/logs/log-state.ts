// What the logs page shows, as it stands in the address.
import type { Language, LogFilter, LogQuery } from '@/api/logs';
import type { UrlCodec } from '@/router/url-state';
import type { ResolvedRange } from '@/time/time-range';
import { decodeFilter, encodeFilter } from './filter-codec';

export interface LogState {
  query: string;
  language: Language;
  filters: readonly LogFilter[];
  /** Pinned filters go along to other pages and come back. */
  pinned: readonly LogFilter[];
  columns: readonly string[];
  /** The cursor of the record shown beside. */
  open: string | null;
  detail: 'fields' | 'json' | 'around';
  sidebar: boolean;
}

const filtersOf = (texts: readonly string[]) =>
  texts.map(decodeFilter).filter((filter): filter is LogFilter => filter !== null);

export const logCodec: UrlCodec<LogState> = {
  decode: (params) => {
    const detail = params.get('detail');
    return {
      query: params.get('q') ?? '',
      language: params.get('lang') === 'lucene' ? 'lucene' : 'kql',
      filters: filtersOf(params.getAll('f')),
      pinned: filtersOf(params.getAll('pin')),
      columns: params.getAll('col'),
      open: params.get('open'),
      detail: detail === 'json' || detail === 'around' ? detail : 'fields',
      sidebar: params.get('side') !== 'off',
    };
  },
  encode: (state) => ({
    q: state.query,
    lang: state.language === 'lucene' ? 'lucene' : null,
    f: state.filters.map(encodeFilter),
    pin: state.pinned.map(encodeFilter),
    col: state.columns,
    open: state.open,
    detail: state.open === null || state.detail === 'fields' ? null : state.detail,
    side: state.sidebar ? null : 'off',
  }),
};

export function queryOf(state: LogState, range: ResolvedRange): LogQuery {
  return {
    query: state.query,
    language: state.language,
    filters: [...state.pinned, ...state.filters],
    start_ms: range.startMs,
    end_ms: range.endMs,
  };
}

export function sameFilter(a: LogFilter, b: LogFilter): boolean {
  return a.field === b.field && a.op === b.op && a.value === b.value;
}

/** Adds a filter; one that says the opposite of the same value gives way. */
export function addFilter(filters: readonly LogFilter[], filter: LogFilter): LogFilter[] {
  const kept = filters.filter(
    (other) =>
      other.field !== filter.field || other.value !== filter.value || other.op === filter.op,
  );
  return kept.some((other) => sameFilter(other, filter)) ? [...kept] : [...kept, filter];
}

const OPPOSITE = {
  is: 'is_not',
  is_not: 'is',
  exists: 'not_exists',
  not_exists: 'exists',
} as const;

export function negateFilter(filter: LogFilter): LogFilter {
  return { ...filter, op: OPPOSITE[filter.op] };
}

/** `level is not debug` */
export function describeFilter({ field, op, value }: LogFilter): string {
  if (op === 'exists') return `${field} exists`;
  if (op === 'not_exists') return `${field} does not exist`;
  return `${field} ${op === 'is' ? 'is' : 'is not'} ${value ?? ''}`;
}
