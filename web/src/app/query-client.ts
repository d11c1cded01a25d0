// How answers are kept: by question, until the question changes; only lost connections are tried again.
import { keepPreviousData, QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api/http';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Questions carry their time range, so an answer never becomes wrong; a refresh is a new question.
      staleTime: Infinity,
      gcTime: 120_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.status === 0,
      placeholderData: keepPreviousData,
    },
  },
});
