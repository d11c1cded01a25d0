// The links a dashboard carries above its panels: addresses, and other dashboards by tag.
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type DashboardSummary, listDashboards } from '@/api/dashboards';
import { DataLink } from '@/dashboards/DataLink';
import { resolveHref, withParams } from '@/dashboards/links';
import type { Dashboard, DashboardLink } from '@/dashboards/schema';
import { interpolate, type Scope } from '@/dashboards/variables/interpolate';
import type { VariableState } from '@/dashboards/variables/resolve';
import { Icon } from '@/ui/icons';
import { isExternal } from '@/ui/safe-href';
import styles from './dashboards.module.css';

interface DashboardLinksProps {
  dashboard: Dashboard;
  scope: Scope;
  states: readonly VariableState[];
}

export function DashboardLinks({ dashboard, scope, states }: DashboardLinksProps) {
  const byTag = dashboard.links.some(({ type }) => type === 'dashboards');
  const { data } = useQuery({
    queryKey: ['dashboards'],
    queryFn: ({ signal }) => listDashboards(signal),
    enabled: byTag,
    staleTime: 30_000,
  });
  if (dashboard.links.length === 0) return null;
  return (
    <span className={styles.links}>
      {dashboard.links.map((link, index) =>
        link.type === 'dashboards' ? (
          <TaggedDashboards
            key={index}
            link={link}
            dashboards={data ?? []}
            params={paramsOf(link, states)}
          />
        ) : (
          <AddressLink key={index} link={link} scope={scope} params={paramsOf(link, states)} />
        ),
      )}
    </span>
  );
}

function paramsOf({ includeVars }: DashboardLink, states: readonly VariableState[]): string {
  if (!includeVars) return '';
  return states
    .flatMap(({ variable, values }) =>
      values.map((value) => `var-${variable.name}=${encodeURIComponent(value)}`),
    )
    .join('&');
}

function AddressLink({
  link,
  scope,
  params,
}: {
  link: DashboardLink;
  scope: Scope;
  params: string;
}) {
  const text = (written: string) => interpolate(written, scope, 'text');
  const address = resolveHref(withParams(text(link.url), params));
  if (address === null) return null;
  const title = text(link.title);
  return (
    <DataLink
      className={styles.dashboardLink}
      link={{
        title: text(link.tooltip) || title,
        href: address,
        external: isExternal(address),
        newTab: link.targetBlank,
      }}
    >
      {title === '' ? address : title}
      {isExternal(address) && <Icon name="open" size={12} />}
    </DataLink>
  );
}

interface TaggedDashboardsProps {
  link: DashboardLink;
  dashboards: readonly DashboardSummary[];
  params: string;
}

function TaggedDashboards({ link, dashboards, params }: TaggedDashboardsProps) {
  const found = dashboards.filter(({ tags }) => link.tags.every((tag) => tags.includes(tag)));
  if (found.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" rightSection={<Icon name="down" size={12} />}>
          {link.title === '' ? 'Dashboards' : link.title}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={400} style={{ overflow: 'auto' }}>
        {found.map(({ uid, title }) => (
          <div key={uid} className={styles.panelLink}>
            <DataLink
              link={{
                title,
                href: withParams(`/dashboards/${encodeURIComponent(uid)}`, params),
                external: false,
                newTab: link.targetBlank,
              }}
            >
              {title}
            </DataLink>
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
