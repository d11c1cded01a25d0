// Silences: what is kept quiet, by whom, until when; and making new ones.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Alert, expireSilence, type Silence, silences } from '@/api/alertmanager';
import { plural } from '@/format/quantity';
import { formatAgo } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge, type Tone } from '@/ui/Badge';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toasts';
import styles from './alerts.module.css';
import { matcherText, matches } from './silence-matchers';

interface SilencesTabProps {
  alerts: readonly Alert[];
  onNew: () => void;
}

const RANK: Readonly<Record<Silence['status']['state'], number>> = {
  active: 0,
  pending: 1,
  expired: 2,
};
const TONES: Readonly<Record<Silence['status']['state'], Tone>> = {
  active: 'accent',
  pending: 'info',
  expired: 'debug',
};

export function SilencesTab({ alerts, onNew }: SilencesTabProps) {
  const { resolved } = useTime();
  const client = useQueryClient();
  const { data, error, isPending } = useQuery({
    queryKey: ['silences', resolved.endMs],
    queryFn: ({ signal }) => silences(signal),
  });
  const expire = useMutation({
    mutationFn: expireSilence,
    onSuccess: () => {
      toast('ok', 'The silence has ended.');
      void client.invalidateQueries({ queryKey: ['silences'] });
    },
    onError: (problem) => toast('error', `It could not be ended: ${problem.message}`),
  });
  const rows = [...(data ?? [])].sort(
    (a, b) => RANK[a.status.state] - RANK[b.status.state] || b.updatedAt.localeCompare(a.updatedAt),
  );
  const newButton = (
    <Button variant="filled" leftSection={<Icon name="plus" size={14} />} onClick={onNew}>
      Silence
    </Button>
  );
  return (
    <>
      <div className={styles.filters}>{newButton}</div>
      {error !== null && <ErrorNotice error={error} />}
      {isPending && <SkeletonRows rows={6} />}
      {!isPending && rows.length === 0 && error === null && (
        <EmptyState icon="silence" title="Nothing is silenced">
          A silence keeps alerts with certain labels from being sent for a while; they go on firing
          here.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Panel>
          <DataTable
            rows={rows}
            columns={columnsFor(alerts, resolved.endMs, (id) => expire.mutate(id))}
            rowKey={(row) => row.id}
          />
        </Panel>
      )}
    </>
  );
}

function columnsFor(
  alerts: readonly Alert[],
  nowMs: number,
  onExpire: (id: string) => void,
): Column<Silence>[] {
  return [
    {
      id: 'state',
      title: 'State',
      width: 90,
      cell: ({ status }) => <Badge tone={TONES[status.state]}>{status.state}</Badge>,
    },
    {
      id: 'matchers',
      title: 'Matchers',
      cell: ({ matchers }) => <span className="mono">{matchers.map(matcherText).join(', ')}</span>,
    },
    {
      id: 'quiet',
      title: 'Keeps quiet',
      cell: ({ matchers, status }) => {
        const count = alerts.filter((alert) => matches(matchers, alert.labels)).length;
        return status.state === 'expired' ? (
          <span className="faint">–</span>
        ) : (
          plural(count, 'alert')
        );
      },
    },
    { id: 'ends', title: 'Ends', cell: ({ endsAt }) => formatAgo(Date.parse(endsAt), nowMs) },
    { id: 'by', title: 'By', cell: ({ createdBy }) => createdBy },
    {
      id: 'comment',
      title: 'Comment',
      cell: ({ comment }) => <span className="muted">{comment}</span>,
    },
    {
      id: 'expire',
      title: '',
      numeric: true,
      width: 80,
      cell: ({ id, status }) =>
        status.state !== 'expired' && (
          <Button size="compact-xs" onClick={() => onExpire(id)}>
            End now
          </Button>
        ),
    },
  ];
}
