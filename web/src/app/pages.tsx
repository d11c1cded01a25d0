// The list of pages. A page is a folder under pages/ plus a line here.
import { type ComponentType, lazy } from 'react';
import type { IconName } from '@/ui/icons';

export interface Page {
  /** Path segments; `:name` stands for any one segment. */
  path: string;
  /** Choose once for each time the page is opened. */
  component: () => PageComponent;
  /** Fetches the page's code, which is done once. */
  load: () => Promise<unknown>;
}

type PageComponent = ComponentType<{ params: Record<string, string> }>;

export interface Section {
  name: string;
  to: string;
  icon: IconName;
  /** The second key after `g`. */
  key: string;
}

/**
 * Pages come in files of their own. One that is here already is drawn at once: `lazy` would first show its fallback,
 * which React then keeps for 300 ms.
 */
function page(path: string, fetch: () => Promise<{ default: PageComponent }>): Page {
  let loaded: PageComponent | null = null;
  const load = async () => {
    const module = await fetch();
    loaded = module.default;
    return module;
  };
  const Later = lazy(load);
  return { path, load, component: () => loaded ?? Later };
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
  page('/', () => import('@/pages/home/HomePage')),
  page('/logs', () => import('@/pages/logs/LogsPage')),
  page('/traces', () => import('@/pages/traces/TracesPage')),
  page('/traces/:traceId', () => import('@/pages/traces/TracePage')),
  page('/explore', () => import('@/pages/metrics/MetricsPage')),
  page('/dashboards', () => import('@/pages/dashboards/DashboardListPage')),
  page('/dashboards/:uid', () => import('@/pages/dashboards/DashboardPage')),
  page('/alerts', () => import('@/pages/alerts/AlertsPage')),
  page('/status', () => import('@/pages/status/StatusPage')),
];

/** Fetches the page of a path before it is opened; should that fail, opening it says so. */
export async function prefetchPage(path: string): Promise<void> {
  try {
    await matchPage(path)?.page.load();
  } catch {
    // Opening the page tries again, and shows what is wrong.
  }
}

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
