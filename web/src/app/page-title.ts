// Where the reader is, for the top bar and the browser's tab.
import { useEffect, useSyncExternalStore } from 'react';

export interface Crumb {
  text: string;
  to?: string;
}

let crumbs: readonly Crumb[] = [];
const listeners = new Set<() => void>();

/** Names the page while it is shown, from the general to the particular. */
export function usePageTitle(path: readonly Crumb[]): void {
  const key = JSON.stringify(path);
  useEffect(() => {
    crumbs = JSON.parse(key) as Crumb[];
    document.title = [...crumbs.map(({ text }) => text).reverse(), 'Sightglass'].join(' · ');
    for (const listener of listeners) listener();
  }, [key]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useCrumbs(): readonly Crumb[] {
  return useSyncExternalStore(subscribe, () => crumbs);
}
