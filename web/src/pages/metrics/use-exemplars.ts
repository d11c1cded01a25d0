// The exemplars behind expressions: those of the metrics they name, and of what recorded series were made from.
import { useQueries, useQuery } from '@tanstack/react-query';
import { type ExemplarSeries, queryExemplars, rules } from '@/api/prometheus';
import type { SteppedRange } from '@/charts/steps';
import { exemplarSources, isDistribution, type Recordings } from './exemplar-sources';

export interface FoundExemplars {
  series: ExemplarSeries;
  /** Whether the exemplars' own values are on the scale of the expression. */
  onScale: boolean;
}

/** An expression with none wanted of it is given as null. */
export function useExemplars(
  expressions: readonly (string | null)[],
  range: SteppedRange,
): readonly FoundExemplars[] {
  const { data: recordings } = useQuery({
    queryKey: ['recordings'],
    queryFn: async ({ signal }) => recordingsOf(await rules(signal)),
    staleTime: 60_000,
  });
  const sources = expressions.flatMap((expr) =>
    expr === null || recordings === undefined ? [] : exemplarSources(expr, recordings),
  );
  return useQueries({
    queries: sources.map((source) => ({
      queryKey: ['exemplars', source, range],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const found = await queryExemplars(source, range, signal);
        return found.map((series) => ({ series, onScale: isDistribution(source) }));
      },
    })),
    combine: (all) => all.flatMap(({ data }) => data ?? []),
  });
}

function recordingsOf(groups: Awaited<ReturnType<typeof rules>>): Recordings {
  const recorded = new Map<string, string[]>();
  for (const { name, query, type } of groups.flatMap((group) => group.rules)) {
    if (type === 'recording') recorded.set(name, [...(recorded.get(name) ?? []), query]);
  }
  return recorded;
}
