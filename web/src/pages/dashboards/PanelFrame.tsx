// A panel's frame: title, links, menu; inside, its picture, or why there is none.
import { ActionIcon, Menu, Tooltip, useComputedColorScheme } from '@mantine/core';
import {
  Component,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { DataLink } from '@/dashboards/DataLink';
import { applyFieldConfig } from '@/dashboards/grafana/process';
import type { PlacedPanel } from '@/dashboards/layout';
import { resolveHref } from '@/dashboards/links';
import { PANEL_KINDS, WITHOUT_DATA } from '@/dashboards/panels/panel-kinds';
import { UndrawnPanel } from '@/dashboards/panels/UndrawnPanel';
import type { Dashboard } from '@/dashboards/schema';
import { interpolate, type Scope } from '@/dashboards/variables/interpolate';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { setParams } from '@/router/url-state';
import { useTime } from '@/time/TimeContext';
import { Icon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { isExternal } from '@/ui/safe-href';
import { Skeleton } from '@/ui/Skeleton';
import styles from './dashboards.module.css';
import { panelRange } from './panel-range';
import { compileQueries, type CompiledQuery, usePanelData } from './use-panel-data';

interface PanelFrameProps {
  placed: PlacedPanel;
  dashboard: Dashboard;
  scope: Scope;
  /** In pixels, for the resolution of the queries. */
  width: number;
  /** Whether variables are known, so that queries can be asked. */
  ready: boolean;
  alone: boolean;
}

export function PanelFrame({
  placed,
  dashboard,
  scope: outer,
  width,
  ready,
  alone,
}: PanelFrameProps) {
  const { panel } = placed;
  const time = useTime();
  const [seen, box] = useSeen();
  const scope = useMemo(() => new Map([...outer, ...placed.scope]), [outer, placed.scope]);
  const { range, note } = useMemo(
    () => panelRange(panel, time.resolved, time.zone),
    [panel, time.resolved, time.zone],
  );
  const compiled = useMemo(
    () => compileQueries(panel, { dashboard, scope, range, maxDataPoints: pointsFor(width) }),
    [panel, dashboard, scope, range, width],
  );
  const text = useCallback((written: string) => interpolate(written, scope, 'text'), [scope]);
  const title = text(panel.title);
  return (
    <section
      ref={box}
      className={styles.panel}
      data-transparent={panel.transparent || undefined}
      aria-label={title}
    >
      <PanelHead {...{ placed, title, note, text, alone }} queries={compiled.queries} />
      <div className={styles.panelBody}>
        <PanelBoundary
          key={`${placed.key} ${JSON.stringify(compiled.queries.map(({ expr }) => expr))}`}
        >
          {ready && seen && (
            <PanelBody {...{ placed, dashboard, range, text }} compiled={compiled} />
          )}
        </PanelBoundary>
      </div>
    </section>
  );
}

/** Widths in steps, so that a few pixels more ask for nothing new. */
const pointsFor = (width: number) => Math.max(100, Math.round(width / 100) * 100);

/** Whether the panel has come near the window: until then it asks for nothing. */
function useSeen(): [boolean, React.RefObject<HTMLElement | null>] {
  const box = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => setSeen(entry?.isIntersecting === true),
      { rootMargin: '300px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [seen, box];
}

interface PanelBodyProps {
  placed: PlacedPanel;
  dashboard: Dashboard;
  range: ReturnType<typeof panelRange>['range'];
  text: (written: string) => string;
  compiled: ReturnType<typeof compileQueries>;
}

function PanelBody({ placed, dashboard, range, text, compiled }: PanelBodyProps) {
  const { panel } = placed;
  const { zone, zoomTo, resetZoom } = useTime();
  const scheme = useComputedColorScheme('dark');
  const Kind = PANEL_KINDS[panel.type];
  const { queries, foreign } = compiled;
  const { data, error, isPending, isPlaceholderData } = usePanelData(panel, queries, range, {
    enabled: Kind !== undefined && !WITHOUT_DATA.has(panel.type),
    interpolate: text,
  });
  const frames = useMemo(
    () =>
      applyFieldConfig(data?.frames ?? [], {
        fieldConfig: panel.fieldConfig,
        interpolate: text,
        scheme,
        zone,
      }),
    [data, panel.fieldConfig, text, scheme, zone],
  );
  if (Kind === undefined) {
    return (
      <UndrawnPanel
        title={`Not drawn yet: ${panel.type}`}
        detail="The other panels are not affected."
      />
    );
  }
  if (!WITHOUT_DATA.has(panel.type) && queries.length === 0) {
    return foreign.length > 0 ? (
      <UndrawnPanel
        title={`Asks ${foreign.join(', ')}`}
        detail="Only Prometheus queries are answered here."
      />
    ) : (
      <UndrawnPanel title="No query" detail="This panel asks for nothing." />
    );
  }
  if (error !== null && data === undefined) return <PanelError error={error} queries={queries} />;
  if (!WITHOUT_DATA.has(panel.type) && isPending) {
    return (
      <div className={styles.panelSkeleton}>
        <Skeleton height="100%" />
      </div>
    );
  }
  return (
    <>
      <div
        className={`${styles.picture ?? ''} ${isPlaceholderData || error !== null ? 'stale' : ''}`}
      >
        <Kind
          {...{ panel, frames, range, zone, scheme }}
          fieldConfig={panel.fieldConfig}
          exemplars={data?.exemplars ?? []}
          interpolate={text}
          syncKey={dashboard.graphTooltip === 0 ? null : 'dashboard'}
          onZoom={zoomTo}
          onReset={resetZoom}
        />
      </div>
      {(data?.unknown.length ?? 0) > 0 && (
        <div className={styles.panelNote}>not applied: {data?.unknown.join(', ')}</div>
      )}
    </>
  );
}

function PanelError({ error, queries }: { error: unknown; queries: readonly CompiledQuery[] }) {
  return (
    <div className={styles.panelError}>
      <ErrorNotice
        error={error}
        query={queries.length === 1 ? (queries[0]?.expr ?? '') : undefined}
      />
    </div>
  );
}

interface PanelHeadProps {
  placed: PlacedPanel;
  title: string;
  note: string;
  text: (written: string) => string;
  alone: boolean;
  queries: readonly CompiledQuery[];
}

function PanelHead({ placed, title, note, text, alone, queries }: PanelHeadProps) {
  const { panel } = placed;
  const description = text(panel.description);
  return (
    <header className={styles.panelHead}>
      <h3 className="truncate" title={title}>
        {title}
      </h3>
      {description !== '' && (
        <Tooltip label={description} multiline maw={360}>
          <span className={styles.panelInfo}>
            <Icon name="info" size={13} />
          </span>
        </Tooltip>
      )}
      {note !== '' && <span className="faint">{note}</span>}
      <span className={styles.panelTools}>
        {panel.links.length > 0 && <PanelLinks panel={panel} text={text} />}
        <PanelMenu placed={placed} alone={alone} queries={queries} />
      </span>
    </header>
  );
}

function PanelLinks({
  panel,
  text,
}: {
  panel: PlacedPanel['panel'];
  text: (written: string) => string;
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={22} aria-label="Links">
          <Icon name="link" size={13} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {panel.links.map((link, index) => {
          const address = resolveHref(text(link.url));
          if (address === null)
            return <Menu.Label key={index}>{link.title} (not followed)</Menu.Label>;
          const title = text(link.title);
          return (
            <div key={index} className={styles.panelLink}>
              <DataLink
                link={{
                  title,
                  href: address,
                  external: isExternal(address),
                  newTab: link.targetBlank,
                }}
              >
                {title === '' ? address : title}
              </DataLink>
            </div>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

function PanelMenu({
  placed,
  alone,
  queries,
}: {
  placed: PlacedPanel;
  alone: boolean;
  queries: readonly CompiledQuery[];
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={22} aria-label="Panel menu" className={styles.panelMenu}>
          <Icon name="more" size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<Icon name="expand" size={14} />}
          onClick={() => setParams({ viewPanel: alone ? null : placed.key })}
        >
          {alone ? 'Back to the dashboard' : 'View alone'}
        </Menu.Item>
        {queries.length > 0 && (
          <Menu.Item
            leftSection={<Icon name="metrics" size={14} />}
            onClick={() => navigate(exploreHref(queries))}
          >
            Open in Metrics
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<Icon name="copy" size={14} />}
          onClick={() =>
            void navigator.clipboard.writeText(queries.map(({ expr }) => expr).join('\n'))
          }
          disabled={queries.length === 0}
        >
          Copy the queries
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function exploreHref(queries: readonly CompiledQuery[]): string {
  return href('/explore', {
    expr: queries.map(({ expr }) => expr),
    legend: queries.map(({ target }) => (target.legend === '__auto' ? '' : target.legend)),
  });
}

/** One panel that throws must not take its dashboard along. */
class PanelBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <UndrawnPanel title="This panel could not be drawn" detail={error.message} />;
  }
}
