// Every notification sent: to whom, why, what was answered.
import { Button, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type Notification, notifications } from '@/api/notifications';
import { formatDuration, formatLogTime } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge } from '@/ui/Badge';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import type { SetUrlState } from '@/router/url-state';
import type { AlertsState } from './alerts-state';
import styles from './alerts.module.css';

const PAGE_SIZE = 100;

interface NotificationsTabProps {
  state: AlertsState;
  setState: SetUrlState<AlertsState>;
  receivers: readonly string[];
}

export function useNotifications({ receiver, fingerprint }: AlertsState, enabled: boolean) {
  const { resolved } = useTime();
  return useInfiniteQuery({
    queryKey: ['notifications', receiver, fingerprint, resolved.endMs],
    queryFn: ({ pageParam, signal }) =>
      notifications(
        {
          limit: PAGE_SIZE,
          before_ms: pageParam ?? undefined,
          receiver: receiver ?? undefined,
          fingerprint: fingerprint ?? undefined,
        },
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? null : (page.at(-1)?.time_ms ?? null)),
    enabled,
  });
}

export function NotificationsTab({ state, setState, receivers }: NotificationsTabProps) {
  const { zone } = useTime();
  const { data, error, isPending, hasNextPage, fetchNextPage, isPlaceholderData } =
    useNotifications(state, true);
  const rows = data?.pages.flat() ?? [];
  return (
    <>
      <div className={styles.filters}>
        <Select
          data={[...receivers]}
          value={state.receiver}
          onChange={(receiver) => setState({ receiver })}
          placeholder="Any receiver"
          aria-label="Receiver"
          clearable
          w={200}
        />
        {state.fingerprint !== null && (
          <Button onClick={() => setState({ fingerprint: null })}>Only one alert ✕</Button>
        )}
      </div>
      {error !== null && <ErrorNotice error={error} />}
      {isPending && <SkeletonRows rows={10} />}
      {!isPending && rows.length === 0 && error === null && (
        <EmptyState icon="alerts" title="Nothing has been sent">
          Alerts that fire are routed by alertmanager.yml; each message to a receiver is kept here
          with its payload and what was answered.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Panel stale={isPlaceholderData}>
          <DataTable
            rows={rows}
            columns={columnsFor((ms) => formatLogTime(ms, zone))}
            rowKey={(row) => row.id}
            active={state.notification}
            onOpen={(row) =>
              setState({ notification: row.id === state.notification ? null : row.id })
            }
          />
          {hasNextPage && (
            <div className={styles.older}>
              <Button onClick={() => void fetchNextPage()}>Older</Button>
            </div>
          )}
        </Panel>
      )}
    </>
  );
}

function columnsFor(time: (ms: number) => string): Column<Notification>[] {
  return [
    {
      id: 'time',
      title: 'Time',
      width: 170,
      cell: (row) => <span className="num muted">{time(row.time_ms)}</span>,
    },
    {
      id: 'outcome',
      title: 'Outcome',
      width: 90,
      sortBy: (row) => row.outcome,
      cell: (row) => <Badge tone={row.outcome === 'sent' ? 'ok' : 'error'}>{row.outcome}</Badge>,
    },
    {
      id: 'receiver',
      title: 'Receiver',
      clip: true,
      width: 190,
      cell: (row) => (
        <>
          {row.receiver} <span className="faint">{row.integration}</span>
        </>
      ),
    },
    { id: 'alerts', title: 'Alerts', clip: true, width: 220, cell: (row) => alertsText(row) },
    {
      id: 'reason',
      title: 'Why',
      clip: true,
      width: 170,
      cell: (row) => <span className="muted">{row.reason}</span>,
    },
    {
      id: 'answer',
      title: 'Answer',
      cell: (row) =>
        row.error === null ? (
          <span className="muted">{row.status_code ?? 'accepted'}</span>
        ) : (
          <span className={styles.failed}>{row.status_code ?? row.error}</span>
        ),
    },
    { id: 'attempts', title: 'Attempts', numeric: true, width: 80, cell: (row) => row.attempts },
    {
      id: 'took',
      title: 'Took',
      numeric: true,
      width: 80,
      cell: (row) => formatDuration(row.took_ms),
    },
  ];
}

function alertsText({ alerts }: Notification): string {
  const names = [...new Set(alerts.map(({ labels }) => labels.alertname ?? 'alert'))].join(', ');
  const resolved = alerts.filter(({ status }) => status === 'resolved').length;
  const counts = resolved === alerts.length ? 'resolved' : `${alerts.length - resolved} firing`;
  return `${names}: ${counts}`;
}
