// What the trace search asks for, as it stands in the address.
import type { TraceSearch } from '@/api/jaeger';
import type { UrlCodec } from '@/router/url-state';
import type { ResolvedRange } from '@/time/time-range';
import { parseLogfmt } from './logfmt';

export interface TraceSearchState {
  service: string;
  operation: string;
  /** `key=value` pairs as written. */
  tags: string;
  minDuration: string;
  maxDuration: string;
  limit: number;
  errorsOnly: boolean;
}

export const DEFAULT_LIMIT = 100;
export const LIMITS = [20, 100, 200, 500, 1000];

export const traceSearchCodec: UrlCodec<TraceSearchState> = {
  decode: (params) => {
    const limit = Number(params.get('limit'));
    return {
      service: params.get('service') ?? '',
      operation: params.get('operation') ?? '',
      tags: params.get('tags') ?? '',
      minDuration: params.get('min') ?? '',
      maxDuration: params.get('max') ?? '',
      limit: LIMITS.includes(limit) ? limit : DEFAULT_LIMIT,
      errorsOnly: params.has('errors'),
    };
  },
  encode: (state) => ({
    service: state.service,
    operation: state.operation,
    tags: state.tags,
    min: state.minDuration,
    max: state.maxDuration,
    limit: state.limit === DEFAULT_LIMIT ? null : state.limit,
    errors: state.errorsOnly ? '1' : null,
  }),
};

/** The search of a state. Tags that cannot be read are an error naming them. */
export function searchOf(state: TraceSearchState, range: ResolvedRange): TraceSearch {
  const tags = parseLogfmt(state.tags);
  return {
    service: state.service,
    operation: state.operation,
    tags: state.errorsOnly ? { ...tags, error: 'true' } : tags,
    minDuration: state.minDuration,
    maxDuration: state.maxDuration,
    startMs: range.startMs,
    endMs: range.endMs,
    limit: state.limit,
  };
}

/** Why a duration such as `1.5s` cannot be read, or null. */
export function durationProblem(text: string): string | null {
  if (text === '' || /^\d+(\.\d+)?(ns|us|µs|ms|s|m|h)$/.test(text)) return null;
  return 'write 100ms, 1.5s or 2m';
}
