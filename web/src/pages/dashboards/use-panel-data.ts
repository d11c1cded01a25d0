// What a panel shows: its queries with variables put in, asked, made into frames and transformed.
import type { DataFrame } from '@grafana/data';
import { useQuery } from '@tanstack/react-query';
import { queryExemplars, queryInstant, queryRange } from '@/api/prometheus';
import type { ChartExemplar } from '@/charts/plot-hooks';
import { alignRange } from '@/charts/steps';
import { framesOf, type TargetAnswer } from '@/dashboards/grafana/frames';
import { transformFrames } from '@/dashboards/grafana/process';
import { intervalScope, type Steps, stepsFor } from '@/dashboards/interval';
import { datasourceKind } from '@/dashboards/migrate/target';
import type { Dashboard, Panel, Target } from '@/dashboards/schema';
import { interpolate, type Scope } from '@/dashboards/variables/interpolate';
import { exemplarPoints } from '@/pages/metrics/chart-of-results';
import type { ResolvedRange } from '@/time/time-range';

export interface CompiledQuery {
  target: Target;
  expr: string;
  steps: Steps;
}

export interface PanelQueries {
  queries: readonly CompiledQuery[];
  /** Data sources asked for that this server does not stand in for. */
  foreign: readonly string[];
}

export interface PanelData {
  frames: DataFrame[];
  exemplars: readonly ChartExemplar[];
  /** Transformations that are not known. */
  unknown: readonly string[];
}

interface CompileContext {
  dashboard: Dashboard;
  scope: Scope;
  range: ResolvedRange;
  maxDataPoints: number;
}

/** The queries of a panel as they are asked; for a panel that shows another one's data, those of the other. */
export function compileQueries(panel: Panel, context: CompileContext): PanelQueries {
  const queries: CompiledQuery[] = [];
  const foreign = new Set<string>();
  for (const target of panel.targets) {
    const source = datasourceKind(target.datasource, panel.datasource, context.dashboard.variables);
    if (source.kind === 'foreign') foreign.add(source.type);
    if (source.kind === 'dashboard') {
      const other = findPanel(context.dashboard.panels, target.panelId);
      if (other !== null && other.id !== panel.id)
        queries.push(...compileQueries(other, context).queries);
    }
    if (source.kind === 'prometheus' && !target.hidden && target.expr.trim() !== '') {
      queries.push(compileTarget(panel, target, context));
    }
  }
  return { queries, foreign: [...foreign] };
}

function compileTarget(
  panel: Panel,
  target: Target,
  { scope, range, maxDataPoints }: CompileContext,
): CompiledQuery {
  const text = (written: string) => interpolate(written, scope, 'text');
  const steps = stepsFor({
    range,
    maxDataPoints: panel.maxDataPoints ?? maxDataPoints,
    panelInterval: text(panel.interval),
    targetInterval: text(target.interval),
    intervalFactor: target.intervalFactor,
  });
  const all = new Map([...scope, ...intervalScope(steps, range)]);
  // A variable may hold a reference of its own, such as an interval set to $__rate_interval.
  const once = interpolate(target.expr, all, 'promql');
  return {
    target: { ...target, legend: text(target.legend) },
    expr: interpolate(once, all, 'promql'),
    steps,
  };
}

function findPanel(panels: readonly Panel[], id: number | null): Panel | null {
  for (const panel of panels) {
    if (panel.id === id) return panel;
    const inside = findPanel(panel.panels, id);
    if (inside !== null) return inside;
  }
  return null;
}

export function usePanelData(
  panel: Panel,
  queries: readonly CompiledQuery[],
  range: ResolvedRange,
  options: { enabled: boolean; interpolate: (text: string) => string },
) {
  const asked = queries.map(({ target, expr, steps }) => [
    target.refId,
    expr,
    steps.stepMs,
    target.legend,
  ]);
  return useQuery<PanelData>({
    queryKey: ['panel', panel.id, panel.transformations, asked, range],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(queries.map((query) => askTarget(query, range, signal)));
      const [transformed, exemplars] = await Promise.all([
        transformFrames(framesOf(answers), panel.transformations, options.interpolate),
        askExemplars(queries, range, signal),
      ]);
      return { ...transformed, exemplars };
    },
    enabled: options.enabled && queries.length > 0,
  });
}

async function askTarget(
  { target, expr, steps }: CompiledQuery,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<TargetAnswer> {
  const answer = target.instant
    ? await queryInstant(expr, range.endMs, signal)
    : await queryRange(expr, alignRange(range, steps.stepMs), signal);
  return { target, expr, data: answer.data, stepMs: steps.stepMs };
}

/** Exemplars are an extra: where they cannot be had, the panel is whole without them. */
async function askExemplars(
  queries: readonly CompiledQuery[],
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<ChartExemplar[]> {
  const wanted = queries.filter(({ target }) => target.exemplar && !target.instant);
  const answers = await Promise.allSettled(
    wanted.map(({ expr }) => queryExemplars(expr, range, signal)),
  );
  const series = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return series.length === 0 ? [] : exemplarPoints(series, range);
}
