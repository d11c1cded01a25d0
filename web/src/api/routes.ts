// The native routing API: the route tree, and where a set of labels would go.
import { get, post } from './http';
import type { Labels } from './prometheus';

export interface Route {
  receiver: string;
  matchers: readonly string[];
  group_by: readonly string[];
  group_wait: string;
  group_interval: string;
  repeat_interval: string;
  continue: boolean;
  routes: readonly Route[];
}

export interface RouteMatch {
  path: string[];
  receiver: string;
  group_by: string[];
}

export function routeTree(signal?: AbortSignal): Promise<Route> {
  return get('/api/routes', { signal });
}

export async function testRoutes(labels: Labels): Promise<RouteMatch[]> {
  return (await post<{ routes: RouteMatch[] }>('/api/routes/test', { labels })).routes;
}
