// Fields and values for completion, asked once per range and kept for a while.
import { logFields, type LogQuery, logValues } from '@/api/logs';
import { queryClient } from '@/app/query-client';
import type { LogVocabulary } from '@/editors/log-language';
import type { ResolvedRange } from '@/time/time-range';
import { valueText } from './record-text';

const KEPT_MS = 60_000;
const MAX_VALUES = 50;

/** Completion looks at everything in the range, not only at what the unfinished query finds. */
export function vocabularyOf(range: () => ResolvedRange): LogVocabulary {
  const everything = (): LogQuery => {
    const { startMs, endMs } = range();
    return { query: '', language: 'kql', filters: [], start_ms: startMs, end_ms: endMs };
  };
  return {
    fields: async () => {
      const answer = await queryClient.query({
        queryKey: ['logs', 'vocabulary'],
        queryFn: ({ signal }) => logFields(everything(), signal),
        staleTime: KEPT_MS,
      });
      return answer.fields;
    },
    values: async (field) => {
      const answer = await queryClient.query({
        queryKey: ['logs', 'vocabulary', field],
        queryFn: ({ signal }) => logValues(everything(), field, MAX_VALUES, signal),
        staleTime: KEPT_MS,
      });
      return answer.values.map(({ value, count }) => ({ value: valueText(value), count }));
    },
  };
}
