// The alerts page: rules with what fires, notifications, silences, routing.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { type Alert, alerts as fetchAlerts } from '@/api/alertmanager';
import { type Labels, rules } from '@/api/prometheus';
import { routeTree, type Route } from '@/api/routes';
import { usePageTitle } from '@/app/page-title';
import { useShortcuts } from '@/app/shortcuts';
import { type SetUrlState, useUrlState } from '@/router/url-state';
import { useTime } from '@/time/TimeContext';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonRows } from '@/ui/Skeleton';
import { SplitPane } from '@/ui/SplitPane';
import { Tabs } from '@/ui/Tabs';
import styles from './alerts.module.css';
import { alertsCodec, type AlertsState, type AlertsTab } from './alerts-state';
import { NotificationDetail } from './NotificationDetail';
import { NotificationsTab, useNotifications } from './NotificationsTab';
import { RoutingTab } from './RoutingTab';
import { findRule, type ListedRule, listGroups } from './rule-list';
import { RuleDetail } from './RuleDetail';
import { RulesTab } from './RulesTab';
import { SilenceForm } from './SilenceForm';
import { SilencesTab } from './SilencesTab';

export default function AlertsPage() {
  usePageTitle([{ text: 'Alerts' }]);
  const [state, setState] = useUrlState(alertsCodec);
  const [silencing, setSilencing] = useState<Labels | null>(null);
  const { groups, routed, receivers, error, isPending } = useAlerting();
  const close = () => setState({ rule: null, notification: null });
  useShortcuts([
    {
      key: '/',
      description: 'Find a rule',
      run: () => document.getElementById('rules-find')?.focus(),
    },
    { key: 'Escape', description: 'Close what is open beside', run: close },
  ]);
  const firing = groups.flatMap((group) => group.rules).reduce((sum, rule) => sum + rule.firing, 0);
  const opened = findRule(groups, state.rule);
  return (
    <div className={styles.page}>
      <AlertTabs
        tab={state.tab}
        firing={firing}
        onSelect={(tab) => setState({ tab, rule: null, notification: null })}
      />
      <SplitPane
        name="alerts"
        side={useSide(state, setState, opened, routed, { close, silence: setSilencing })}
        defaultWidth={520}
      >
        <div className={styles.body}>
          {error !== null && <ErrorNotice error={error} />}
          {state.tab === 'rules' && isPending && <SkeletonRows rows={12} />}
          {state.tab === 'rules' && !isPending && error === null && (
            <RulesTab
              groups={groups}
              state={{ ...state, rule: opened?.id ?? null }}
              setState={setState}
            />
          )}
          {state.tab === 'notifications' && (
            <NotificationsTab state={state} setState={setState} receivers={receivers} />
          )}
          {state.tab === 'silences' && (
            <SilencesTab alerts={routed} onNew={() => setSilencing({})} />
          )}
          {state.tab === 'routing' && <RoutingTab />}
        </div>
      </SplitPane>
      {silencing !== null && (
        <SilenceForm labels={silencing} alerts={routed} onClose={() => setSilencing(null)} />
      )}
    </div>
  );
}

/** Rules, the alerts as Alertmanager knows them, and the receivers there are. */
function useAlerting() {
  const { resolved } = useTime();
  const ruleGroups = useQuery({
    queryKey: ['rules', resolved.endMs],
    queryFn: ({ signal }) => rules(signal),
  });
  const routed = useQuery({
    queryKey: ['alerts', resolved.endMs],
    queryFn: ({ signal }) => fetchAlerts(signal),
  });
  const routes = useQuery({
    queryKey: ['routes'],
    queryFn: ({ signal }) => routeTree(signal),
    staleTime: 10_000,
  });
  const groups = useMemo(() => listGroups(ruleGroups.data ?? []), [ruleGroups.data]);
  return {
    groups,
    routed: routed.data ?? [],
    receivers: receiversOf(routes.data),
    error: ruleGroups.error,
    isPending: ruleGroups.isPending,
  };
}

interface SideActions {
  close: () => void;
  silence: (labels: Labels) => void;
}

/** What is open beside the list: a rule or a notification. */
function useSide(
  state: AlertsState,
  setState: SetUrlState<AlertsState>,
  opened: ListedRule | null,
  routed: readonly Alert[],
  { close, silence }: SideActions,
): ReactNode {
  const sent = useNotifications(state, state.tab === 'notifications');
  if (state.tab === 'rules' && opened !== null) {
    return (
      <RuleDetail
        listed={opened}
        routed={routed}
        onClose={close}
        onSilence={silence}
        onNotifications={(fingerprint) =>
          setState({ tab: 'notifications', fingerprint, rule: null })
        }
      />
    );
  }
  const notification = sent.data?.pages.flat().find(({ id }) => id === state.notification);
  if (state.tab !== 'notifications' || notification === undefined) return null;
  return <NotificationDetail notification={notification} onClose={close} />;
}

interface AlertTabsProps {
  tab: AlertsTab;
  firing: number;
  onSelect: (tab: AlertsTab) => void;
}

function AlertTabs({ tab, firing, onSelect }: AlertTabsProps) {
  return (
    <div className={styles.tabs}>
      <Tabs
        tabs={[
          { id: 'rules', title: 'Rules', count: firing > 0 ? firing : undefined },
          { id: 'notifications', title: 'Notifications' },
          { id: 'silences', title: 'Silences' },
          { id: 'routing', title: 'Routing' },
        ]}
        active={tab}
        onSelect={onSelect}
      />
    </div>
  );
}

function receiversOf(route: Route | undefined): string[] {
  if (route === undefined) return [];
  return [...new Set([route.receiver, ...route.routes.flatMap(receiversOf)])];
}
