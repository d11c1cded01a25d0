// The Alertmanager v2 API under /alertmanager: alerts, receivers, silences.
import { get, post, remove } from './http';
import type { Labels } from './prometheus';

const BASE = '/alertmanager/api/v2';

export interface Alert {
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  generatorURL?: string;
  receivers: { name: string }[];
  status: {
    state: 'active' | 'suppressed' | 'unprocessed';
    silencedBy: string[];
    inhibitedBy: string[];
  };
}

export interface SilenceMatcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface NewSilence {
  matchers: SilenceMatcher[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

export interface Silence extends NewSilence {
  id: string;
  updatedAt: string;
  status: { state: 'active' | 'pending' | 'expired' };
}

export function alerts(signal?: AbortSignal): Promise<Alert[]> {
  return get(`${BASE}/alerts`, { signal });
}

export function silences(signal?: AbortSignal): Promise<Silence[]> {
  return get(`${BASE}/silences`, { signal });
}

/** Creates a silence, or replaces the one whose id is given. */
export function saveSilence(silence: NewSilence & { id?: string }): Promise<{ silenceID: string }> {
  return post(`${BASE}/silences`, silence);
}

export function expireSilence(id: string): Promise<unknown> {
  return remove(`${BASE}/silence/${encodeURIComponent(id)}`);
}
