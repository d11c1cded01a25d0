// One dashboard: its variables, links and panels.
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { getDashboard, type StoredDashboard } from '@/api/dashboards';
import { usePageTitle } from '@/app/page-title';
import { useShortcuts } from '@/app/shortcuts';
import { layOut } from '@/dashboards/layout';
import { readDashboard } from '@/dashboards/migrate/dashboard';
import { type Dashboard, DashboardError } from '@/dashboards/schema';
import { scoped } from '@/dashboards/variables/interpolate';
import { repeatValues, scopeOf, type VariableState } from '@/dashboards/variables/resolve';
import { setParams, type SetUrlState, useUrlState } from '@/router/url-state';
import { useSearchParams } from '@/router/location';
import { parseRefresh } from '@/time/refresh';
import { useTime } from '@/time/TimeContext';
import type { ResolvedRange } from '@/time/time-range';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/icons';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { SkeletonRows } from '@/ui/Skeleton';
import { dashboardCodec, type DashboardState } from './dashboard-state';
import { DashboardGrid } from './DashboardGrid';
import { DashboardLinks } from './DashboardLinks';
import styles from './dashboards.module.css';
import { useVariables } from './use-variables';
import { VariableBar } from './VariableBar';

export default function DashboardPage({ params }: { params: Record<string, string> }) {
  const uid = params.uid ?? '';
  const { data, error, isPending } = useQuery({
    queryKey: ['dashboard', uid],
    queryFn: ({ signal }) => getDashboard(uid, signal),
    placeholderData: undefined,
  });
  if (isPending) return <SkeletonRows rows={20} />;
  if (data === undefined) {
    return (
      <div className={styles.failed}>
        <ErrorNotice error={error} />
      </div>
    );
  }
  return <StoredDashboardView stored={data} />;
}

function StoredDashboardView({ stored }: { stored: StoredDashboard }) {
  const { dashboard, problem } = useMemo(() => readOrProblem(stored), [stored]);
  usePageTitle([
    { text: 'Dashboards', to: '/dashboards' },
    { text: dashboard?.title ?? stored.meta.uid },
  ]);
  if (dashboard === null) {
    return (
      <div className={styles.failed}>
        <Notice title="This dashboard cannot be read">{problem}</Notice>
      </div>
    );
  }
  return <DashboardView dashboard={dashboard} uid={stored.meta.uid} />;
}

function readOrProblem(stored: StoredDashboard): { dashboard: Dashboard | null; problem: string } {
  try {
    return { dashboard: readDashboard(stored.dashboard), problem: '' };
  } catch (error) {
    if (error instanceof DashboardError) return { dashboard: null, problem: error.message };
    throw error;
  }
}

function DashboardView({ dashboard, uid }: { dashboard: Dashboard; uid: string }) {
  const [state, setState] = useUrlState(dashboardCodec);
  const { resolved } = useTime();
  const { states, ready, stale } = useVariables(uid, dashboard);
  const kiosk = useSearchParams().has('kiosk');
  useSavedTime(dashboard);
  const scope = useMemo(
    () => dashboardScope(states, resolved, dashboard, uid),
    [states, resolved, dashboard, uid],
  );
  const sections = useMemo(() => layOut(dashboard.panels, valuesIn(states)), [dashboard, states]);
  useShortcuts([
    {
      key: 'Escape',
      description: 'Back to the dashboard',
      run: () => setParams({ viewPanel: null, kiosk: null }),
    },
  ]);
  const hasRows = sections.some(({ row }) => row !== null);
  return (
    <div className={styles.dashboard}>
      {!kiosk && (
        <div className={styles.toolbar}>
          <VariableBar states={states} />
          <DashboardLinks dashboard={dashboard} scope={scope} states={states} />
          <Tools state={state} setState={setState} hasRows={hasRows} />
        </div>
      )}
      <div className={`${styles.panels ?? ''} ${stale ? 'stale' : ''}`}>
        {dashboard.panels.length === 0 ? (
          <EmptyState icon="dashboards" title="This dashboard has no panels" />
        ) : (
          <DashboardGrid {...{ dashboard, sections, state, setState, scope, ready }} />
        )}
      </div>
    </div>
  );
}

const valuesIn = (states: readonly VariableState[]) => (name: string) => {
  const state = states.find(({ variable }) => variable.name === name);
  return state === undefined ? null : repeatValues(state);
};

/** Variables, and what Grafana defines on its own. */
function dashboardScope(
  states: readonly VariableState[],
  range: ResolvedRange,
  dashboard: Dashboard,
  uid: string,
) {
  const scope = scopeOf(states, range);
  const time = `from=${range.startMs}&to=${range.endMs}`;
  const all = [...scope].map(([name, { values }]) =>
    values.map((value) => `var-${name}=${encodeURIComponent(value)}`).join('&'),
  );
  scope.set('__from', scoped(String(range.startMs)));
  scope.set('__to', scoped(String(range.endMs)));
  scope.set('__dashboard', scoped(dashboard.title));
  scope.set('__dashboard.uid', scoped(uid));
  scope.set('__url_time_range', scoped(time));
  scope.set('__all_variables', scoped(all.join('&')));
  return scope;
}

/** A dashboard opened without a range of its own in the address takes the one it was saved with. */
function useSavedTime({ time, refresh }: Dashboard): void {
  const params = useSearchParams();
  const wantsTime = time !== null && !params.has('from');
  const rate = parseRefresh(refresh);
  const wantsRefresh = rate.ms > 0 && !params.has('refresh') && wantsTime;
  useEffect(() => {
    if (!wantsTime) return;
    setParams(
      { from: time.from, to: time.to, ...(wantsRefresh && { refresh: rate.name }) },
      { replace: true },
    );
  }, [wantsTime, wantsRefresh, time, rate]);
}

interface ToolsProps {
  state: DashboardState;
  setState: SetUrlState<DashboardState>;
  hasRows: boolean;
}

function Tools({ state, setState, hasRows }: ToolsProps) {
  return (
    <span className={styles.tools}>
      {state.viewPanel !== null && (
        <Button onClick={() => setState({ viewPanel: null })}>Back to the dashboard</Button>
      )}
      {hasRows && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button rightSection={<Icon name="down" size={12} />}>Rows</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setState({ rows: 'open', toggled: [] })}>Open all</Menu.Item>
            <Menu.Item onClick={() => setState({ rows: 'closed', toggled: [] })}>
              Close all
            </Menu.Item>
            <Menu.Item onClick={() => setState({ rows: 'saved', toggled: [] })}>As saved</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Tooltip label="Only the panels (Esc leaves)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Kiosk"
          onClick={() => setParams({ kiosk: true })}
        >
          <Icon name="expand" size={15} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
