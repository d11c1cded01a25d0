// How often a page asks again.

export interface Refresh {
  /** As it stands in the address. */
  name: string;
  label: string;
  /** Zero when off. */
  ms: number;
}

export const OFF: Refresh = { name: 'off', label: 'Off', ms: 0 };
/** Logs follow their stream in live mode; other pages ask every two seconds. */
export const LIVE: Refresh = { name: 'live', label: 'Live', ms: 2000 };

export const REFRESHES: readonly Refresh[] = [
  OFF,
  LIVE,
  { name: '5s', label: '5 s', ms: 5000 },
  { name: '10s', label: '10 s', ms: 10_000 },
  { name: '30s', label: '30 s', ms: 30_000 },
  { name: '1m', label: '1 min', ms: 60_000 },
  { name: '5m', label: '5 min', ms: 300_000 },
  { name: '15m', label: '15 min', ms: 900_000 },
];

/** Pages that show how things stand, not something one is reading in. */
const STATE_PAGES = new Set(['/', '/alerts', '/status']);

/** What a page does when the address does not say. */
export function defaultRefresh(path: string): Refresh {
  return STATE_PAGES.has(path) ? parseRefresh('10s') : OFF;
}

export function parseRefresh(name: string | null, otherwise: Refresh = OFF): Refresh {
  return REFRESHES.find((refresh) => refresh.name === name) ?? otherwise;
}
