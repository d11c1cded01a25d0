// The variables of a dashboard with their options, asked again only where something they depend on changed.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryClient } from '@/app/query-client';
import type { Dashboard, Variable } from '@/dashboards/schema';
import { askVariableQuery, type VariableQuery } from '@/dashboards/variables/query-variable';
import { resolveVariables, type VariableState } from '@/dashboards/variables/resolve';
import { useSearchParams } from '@/router/location';
import type { ResolvedRange } from '@/time/time-range';
import { useTime } from '@/time/TimeContext';
import { chosenValues } from './dashboard-state';

/** Options of the same question within this time are not asked for again. */
const KEPT_MS = 300_000;

export interface Variables {
  states: readonly VariableState[];
  ready: boolean;
  stale: boolean;
}

export function useVariables(uid: string, dashboard: Dashboard): Variables {
  const { resolved } = useTime();
  const params = useSearchParams();
  const chosen = useMemo(() => chosenValues(params), [params]);
  const timed = dashboard.variables.some(({ refresh }) => refresh === 2);
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['variables', uid, [...chosen], timed ? resolved : null],
    queryFn: () =>
      resolveVariables(dashboard.variables, {
        chosen,
        range: resolved,
        ask: (query, variable) => ask(uid, query, variable, resolved),
      }),
  });
  return { states: data ?? [], ready: data !== undefined, stale: isPlaceholderData };
}

function ask(
  uid: string,
  query: VariableQuery,
  variable: Variable,
  range: ResolvedRange,
): Promise<string[]> {
  const timed = variable.refresh === 2;
  return queryClient.query({
    queryKey: ['variable', uid, query, timed ? range : null],
    queryFn: ({ signal }) => askVariableQuery(query, range, signal),
    staleTime: KEPT_MS,
  });
}
