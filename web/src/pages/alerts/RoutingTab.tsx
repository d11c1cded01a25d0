// The routing tree, and where a set of labels would go.
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Route, type RouteMatch, routeTree, testRoutes } from '@/api/routes';
import { Badge } from '@/ui/Badge';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import styles from './alerts.module.css';
import { parseMatchers } from './silence-matchers';

export function RoutingTab() {
  const [text, setText] = useState('');
  const tree = useQuery({
    queryKey: ['routes'],
    queryFn: ({ signal }) => routeTree(signal),
    staleTime: 10_000,
  });
  const { labels, problem } = readLabels(text);
  const test = useQuery({
    queryKey: ['routes', 'test', labels],
    queryFn: () => testRoutes(labels ?? {}),
    enabled: labels !== null,
  });
  const found = labels === null ? [] : (test.data ?? []);
  if (tree.error !== null) return <ErrorNotice error={tree.error} />;
  if (tree.isPending) return <SkeletonRows rows={8} />;
  return (
    <>
      <div className={styles.filters}>
        <TextInput
          className={styles.find}
          classNames={{ input: 'mono' }}
          placeholder='Where would these labels go?   severity="critical", service_name="payment"'
          aria-label="Labels to test"
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {found.length > 0 && (
          <span>
            to <strong>{found.map(({ receiver }) => receiver).join(', ')}</strong>
          </span>
        )}
        {test.error !== null && labels !== null && (
          <span className={styles.failed}>{test.error.message}</span>
        )}
      </div>
      <Panel title="Routes">
        {tree.data.receiver === '' ? (
          <EmptyState
            icon="alerts"
            title="No routes"
            command="sightglass --alertmanager-config alertmanager.yml"
          >
            An alertmanager.yml says which alert goes to which receiver.
          </EmptyState>
        ) : (
          <ul className={styles.tree}>
            <RouteNode route={tree.data} path={[]} index={0} found={found} />
          </ul>
        )}
      </Panel>
    </>
  );
}

function readLabels(text: string): {
  labels: Record<string, string> | null;
  problem: string | null;
} {
  if (text.trim() === '') return { labels: null, problem: null };
  try {
    const matchers = parseMatchers(text);
    if (matchers.some(({ isRegex, isEqual }) => isRegex || !isEqual)) {
      return { labels: null, problem: 'a label has one value: write name=value' };
    }
    return {
      labels: Object.fromEntries(matchers.map(({ name, value }) => [name, value])),
      problem: null,
    };
  } catch (error) {
    return { labels: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

interface RouteNodeProps {
  route: Route;
  /** Matchers of the routes above, one entry for each. */
  path: readonly string[];
  index: number;
  found: readonly RouteMatch[];
}

function RouteNode({ route, path, index, found }: RouteNodeProps) {
  const own = route.matchers.join(', ');
  const here = path.length === 0 ? [own] : [...path, own];
  const hit = found.some(
    (match) =>
      match.receiver === route.receiver &&
      match.path.length === here.length &&
      endsWith(match.path, own),
  );
  return (
    <li>
      <div className={styles.route} data-hit={hit || undefined}>
        <code>{own === '' ? (path.length === 0 ? 'everything' : 'everything else') : own}</code>
        <span className="faint">→</span>
        <strong>{route.receiver}</strong>
        {route.continue && <Badge tone="info">and goes on</Badge>}
        {hit && <Badge tone="accent">these labels</Badge>}
        <span className={styles.routeTimes}>
          {route.group_by.length > 0 && <>by {route.group_by.join(', ')} · </>}
          wait {route.group_wait} · every {route.group_interval} · again after{' '}
          {route.repeat_interval}
        </span>
      </div>
      {route.routes.length > 0 && (
        <ul>
          {route.routes.map((child, at) => (
            <RouteNode key={`${index} ${at}`} route={child} path={here} index={at} found={found} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** The server names the steps of a path by their matchers; the root has a name of its own. */
function endsWith(path: readonly string[], own: string): boolean {
  return path.length === 1 || (path.at(-1) ?? '') === own;
}
