// The native history of notifications: what was sent where, why, and what was answered.
import { get } from './http';
import type { Labels } from './prometheus';

export interface Notification {
  id: string;
  time_ms: number;
  group_key: string;
  receiver: string;
  integration: string;
  group_labels: Labels;
  alerts: { fingerprint: string; status: string; labels: Labels }[];
  reason: string;
  attempts: number;
  outcome: 'sent' | 'failed';
  error: string | null;
  status_code: number | null;
  took_ms: number;
  payload: string | null;
  response: string | null;
}

export interface NotificationFilter {
  limit: number;
  before_ms?: number | undefined;
  receiver?: string | undefined;
  fingerprint?: string | undefined;
}

export async function notifications(
  filter: NotificationFilter,
  signal?: AbortSignal,
): Promise<Notification[]> {
  const options = { query: { ...filter }, signal };
  return (await get<{ notifications: Notification[] }>('/api/notifications', options))
    .notifications;
}
