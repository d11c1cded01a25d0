// The list of pages. A page is a folder under pages/ plus a line here.
import { type ComponentType, lazy } from 'react';
import type { IconName } from '@/ui/icons';

export interface Page {
  /** Path segments; `:name` stands for any one segment. */
  path: string;
  Component: ComponentType<{ params: Record<string, string> }>;
}

export interface Section {
  name: string;
  to: string;
  icon: IconName;
  /** The second key after `g`. */
  key: string;
}

/** What the rail shows. The server's own metrics are at /metrics, hence /explore. */
export const SECTIONS: readonly Section[] = [
  { name: 'Home', to: '/', icon: 'home', key: 'h' },
  { name: 'Logs', to: '/logs', icon: 'logs', key: 'l' },
  { name: 'Traces', to: '/traces', icon: 'traces', key: 't' },
  { name: 'Metrics', to: '/explore', icon: 'metrics', key: 'm' },
  { name: 'Dashboards', to: '/dashboards', icon: 'dashboards', key: 'd' },
  { name: 'Alerts', to: '/alerts', icon: 'alerts', key: 'a' },
  { name: 'Status', to: '/status', icon: 'status', key: 's' },
];

export const PAGES: readonly Page[] = [
  { path: '/', Component: lazy(() => import('@/pages/home/HomePage')) },
  { path: '/logs', Component: lazy(() => import('@/pages/logs/LogsPage')) },
  { path: '/traces', Component: lazy(() => import('@/pages/traces/TracesPage')) },
  { path: '/traces/:traceId', Component: lazy(() => import('@/pages/traces/TracePage')) },
  { path: '/explore', Component: lazy(() => import('@/pages/metrics/MetricsPage')) },
  { path: '/dashboards', Component: lazy(() => import('@/pages/dashboards/DashboardListPage')) },
  { path: '/dashboards/:uid', Component: lazy(() => import('@/pages/dashboards/DashboardPage')) },
  { path: '/alerts', Component: lazy(() => import('@/pages/alerts/AlertsPage')) },
  { path: '/status', Component: lazy(() => import('@/pages/status/StatusPage')) },
];

export function matchPage(path: string): { page: Page; params: Record<string, string> } | null {
  const segments = path.split('/').filter((segment) => segment !== '');
  for (const page of PAGES) {
    const pattern = page.path.split('/').filter((segment) => segment !== '');
    if (pattern.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const matches = pattern.every((part, index) => {
      const segment = segments[index] ?? '';
      if (!part.startsWith(':')) return part === segment;
      params[part.slice(1)] = decodeSegment(segment);
      return true;
    });
    if (matches) return { page, params };
  }
  return null;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
