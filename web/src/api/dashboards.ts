// The native dashboard API: the list, one dashboard as its Grafana JSON, saving and deleting.
import { get, post, remove } from './http';

export interface DashboardSummary {
  uid: string;
  title: string;
  tags: string[];
  folder: string;
  provisioned: boolean;
  updated_ms: number;
  panels: number;
}

export interface DashboardMeta {
  uid: string;
  version: number;
  provisioned: boolean;
  folder: string;
  updated_ms: number;
}

export interface StoredDashboard {
  /** The Grafana JSON as it was given; the dashboard engine reads and migrates it. */
  dashboard: Record<string, unknown>;
  meta: DashboardMeta;
}

export interface DashboardImport {
  dashboard: Record<string, unknown>;
  inputs: { name: string; value: string }[];
  folder: string;
  overwrite: boolean;
}

export async function listDashboards(signal?: AbortSignal): Promise<DashboardSummary[]> {
  const answer = await get<{ dashboards: DashboardSummary[] }>('/api/dashboards', { signal });
  return answer.dashboards;
}

export function getDashboard(uid: string, signal?: AbortSignal): Promise<StoredDashboard> {
  return get(`/api/dashboards/${encodeURIComponent(uid)}`, { signal });
}

export function importDashboard(
  request: DashboardImport,
): Promise<{ uid: string; version: number }> {
  return post('/api/dashboards', request);
}

export function deleteDashboard(uid: string): Promise<unknown> {
  return remove(`/api/dashboards/${encodeURIComponent(uid)}`);
}
