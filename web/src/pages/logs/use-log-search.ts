// The records a query finds, page after page, newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type LogQuery, type LogRecord, searchLogs } from '@/api/logs';
import type { ResolvedRange } from '@/time/time-range';

const PAGE_SIZE = 200;

export interface LogSearch {
  records: readonly LogRecord[];
  loading: boolean;
  stale: boolean;
  error: unknown;
  /** More pages exist. */
  more: boolean;
  loadMore: () => void;
  tookMs: number | null;
}

export function useLogSearch(query: LogQuery): LogSearch {
  const answer = useInfiniteQuery({
    queryKey: ['logs', 'search', query],
    queryFn: ({ pageParam, signal }) =>
      searchLogs(query, { order: 'newest', after: pageParam, limit: PAGE_SIZE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = answer;
  const records = useMemo(() => data?.pages.flatMap((page) => page.records) ?? [], [data]);
  return {
    records,
    loading: answer.isPending,
    stale: answer.isPlaceholderData || answer.error !== null,
    error: answer.error,
    more: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage && !answer.isPlaceholderData) void fetchNextPage();
    },
    tookMs: data?.pages[0]?.took_ms ?? null,
  };
}

/** The range as it was when following began: new records then come by the tail, not by asking again. */
export function useFrozenRange(frozen: boolean, range: ResolvedRange): ResolvedRange {
  const [kept, setKept] = useState(range);
  if (!frozen && kept !== range) setKept(range);
  return frozen ? kept : range;
}
