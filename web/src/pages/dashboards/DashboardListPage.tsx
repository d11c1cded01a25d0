// All dashboards by folder, found by name or tag; and bringing new ones in.
import { Button, Menu, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type DashboardSummary, deleteDashboard, listDashboards } from '@/api/dashboards';
import { usePageTitle } from '@/app/page-title';
import { useShortcuts } from '@/app/shortcuts';
import { Link } from '@/router/Link';
import { type UrlCodec, useUrlState } from '@/router/url-state';
import { formatAgo } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge } from '@/ui/Badge';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toasts';
import { byFolder, findDashboards, tagCounts } from './dashboard-list';
import styles from './dashboards.module.css';
import { ImportDialog } from './ImportDialog';

interface ListState {
  find: string;
  tags: readonly string[];
}

const listCodec: UrlCodec<ListState> = {
  decode: (params) => ({ find: params.get('find') ?? '', tags: params.getAll('tag') }),
  encode: ({ find, tags }) => ({ find, tag: tags }),
};

export default function DashboardListPage() {
  usePageTitle([{ text: 'Dashboards' }]);
  const [state, setState] = useUrlState(listCodec);
  const [importing, setImporting] = useState(false);
  const { data, error, isPending } = useQuery({
    queryKey: ['dashboards'],
    queryFn: ({ signal }) => listDashboards(signal),
    staleTime: 5000,
  });
  useShortcuts([
    {
      key: '/',
      description: 'Find a dashboard',
      run: () => document.getElementById('dashboards-find')?.focus(),
    },
  ]);
  const found = findDashboards(data ?? [], state);
  const toggleTag = (tag: string) =>
    setState(({ tags }) => ({
      tags: tags.includes(tag) ? tags.filter((other) => other !== tag) : [...tags, tag],
    }));
  return (
    <div className={styles.listPage}>
      <div className={styles.listHead}>
        <TextInput
          id="dashboards-find"
          className={styles.listFind}
          placeholder="Find by name, folder or tag   ( / )"
          aria-label="Find a dashboard"
          value={state.find}
          onChange={(event) => setState({ find: event.currentTarget.value }, { replace: true })}
        />
        <Button
          variant="filled"
          leftSection={<Icon name="upload" size={14} />}
          onClick={() => setImporting(true)}
        >
          Import
        </Button>
      </div>
      <Tags dashboards={data ?? []} chosen={state.tags} onToggle={toggleTag} />
      {error !== null && <ErrorNotice error={error} />}
      {isPending && <SkeletonRows rows={12} />}
      {!isPending && error === null && found.length === 0 && <NoDashboards any={data.length > 0} />}
      {byFolder(found).map(({ folder, dashboards }) => (
        <Panel
          key={folder}
          title={folder === '' ? 'General' : folder}
          aside={`${dashboards.length}`}
        >
          <ul>
            {dashboards.map((dashboard) => (
              <DashboardRow key={dashboard.uid} dashboard={dashboard} onTag={toggleTag} />
            ))}
          </ul>
        </Panel>
      ))}
      {importing && (
        <ImportDialog
          folders={[...new Set((data ?? []).map(({ folder }) => folder))]}
          onClose={() => setImporting(false)}
        />
      )}
    </div>
  );
}

function NoDashboards({ any }: { any: boolean }) {
  if (any) return <EmptyState icon="dashboards" title="No dashboard is called that" />;
  return (
    <EmptyState
      icon="dashboards"
      title="No dashboards yet"
      command="sightglass --dashboards ./dashboards"
    >
      Grafana’s JSON is read as it is: import a file, paste it, or start the server with a folder of
      them.
    </EmptyState>
  );
}

interface TagsProps {
  dashboards: readonly DashboardSummary[];
  chosen: readonly string[];
  onToggle: (tag: string) => void;
}

const MAX_TAGS = 24;

function Tags({ dashboards, chosen, onToggle }: TagsProps) {
  const tags = tagCounts(dashboards);
  if (tags.length === 0) return null;
  return (
    <div className={styles.tags}>
      {tags.slice(0, MAX_TAGS).map(({ tag, count }) => (
        <button
          key={tag}
          type="button"
          className={styles.tag}
          aria-pressed={chosen.includes(tag)}
          onClick={() => onToggle(tag)}
        >
          {tag} <span className="faint">{count}</span>
        </button>
      ))}
    </div>
  );
}

function DashboardRow({
  dashboard,
  onTag,
}: {
  dashboard: DashboardSummary;
  onTag: (tag: string) => void;
}) {
  const { resolved } = useTime();
  const { uid, title, tags, provisioned, panels, updated_ms: updatedMs } = dashboard;
  return (
    <li className={styles.listRow} data-uid={uid}>
      <Link to={`/dashboards/${encodeURIComponent(uid)}`} className={styles.listTitle}>
        {title}
      </Link>
      <span className={styles.listTags}>
        {tags.slice(0, 5).map((tag) => (
          <button key={tag} type="button" className={styles.tag} onClick={() => onTag(tag)}>
            {tag}
          </button>
        ))}
      </span>
      <span className="faint num">{panels} panels</span>
      <span className="faint num">
        {updatedMs === 0 ? '' : formatAgo(updatedMs, resolved.endMs)}
      </span>
      {provisioned ? (
        <Badge tone="debug" title="Kept by a file: change it there">
          file
        </Badge>
      ) : (
        <RowMenu dashboard={dashboard} />
      )}
    </li>
  );
}

function RowMenu({ dashboard }: { dashboard: DashboardSummary }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteDashboard(dashboard.uid),
    onSuccess: () => {
      toast('ok', `${dashboard.title} was deleted.`);
      void client.invalidateQueries({ queryKey: ['dashboards'] });
    },
    onError: (problem) => toast('error', `It could not be deleted: ${problem.message}`),
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={styles.more} aria-label={`More of ${dashboard.title}`}>
          <Icon name="more" size={15} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Cannot be undone</Menu.Label>
        <Menu.Item
          color="red"
          leftSection={<Icon name="trash" size={14} />}
          onClick={() => remove.mutate()}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
