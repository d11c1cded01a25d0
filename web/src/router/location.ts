// Where the browser is, as a store React can follow. The address bar is the only place page state lives.
import { useMemo, useSyncExternalStore } from 'react';

export interface Place {
  path: string;
  search: string;
  /** When the path was entered: pages resolve "now" from it, so that a page opened later sees later data. */
  enteredMs: number;
}

const listeners = new Set<() => void>();
let current = read(0);

function read(previousEnteredMs: number, previousPath?: string): Place {
  const path = window.location.pathname;
  const enteredMs = path === previousPath ? previousEnteredMs : Date.now();
  return { path, search: window.location.search, enteredMs };
}

function changed(): void {
  current = read(current.enteredMs, current.path);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', changed);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', changed);
  };
}

/** Goes to a path of this interface; `replace` for changes the back button should not stop at. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const here = window.location.pathname + window.location.search;
  if (to === here) return;
  if (options.replace === true) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  changed();
}

/** The current place, as it is outside of rendering. */
export function currentPlace(): Place {
  return current;
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => current);
}

export function useSearchParams(): URLSearchParams {
  const { search } = usePlace();
  return useMemo(() => new URLSearchParams(search), [search]);
}
