// Keys that work anywhere on a page, outside of text fields. The page opened last has the first say.
import { useEffect, useRef } from 'react';

export interface Shortcut {
  /** A key as `KeyboardEvent.key` names it, or `mod+k` for Ctrl or ⌘. */
  key: string;
  description: string;
  run: () => void;
}

const active: { current: readonly Shortcut[] }[] = [];

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

function nameOf(event: KeyboardEvent): string {
  const modified = event.ctrlKey || event.metaKey;
  return modified ? `mod+${event.key.toLowerCase()}` : event.key;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey) return;
  const name = nameOf(event);
  if (isTextField(event.target) && !name.startsWith('mod+')) {
    if (name === 'Escape') (event.target as HTMLElement).blur();
    return;
  }
  // Enter and Space belong to the button that has the focus.
  if (name === 'Enter' && event.target instanceof HTMLButtonElement) return;
  // An open dialog or menu keeps its keys.
  if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return;
  for (const { current } of [...active].reverse()) {
    const shortcut = current.find(({ key }) => key === name);
    if (shortcut === undefined) continue;
    event.preventDefault();
    shortcut.run();
    return;
  }
}

/** Registers the keys while the component is shown. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    if (active.length === 0) window.addEventListener('keydown', onKeyDown);
    active.push(latest);
    return () => {
      active.splice(active.indexOf(latest), 1);
      if (active.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

/** All keys that work now, for the help. */
export function activeShortcuts(): Shortcut[] {
  const seen = new Set<string>();
  return [...active]
    .reverse()
    .flatMap(({ current }) => current)
    .filter(({ key }) => !seen.has(key) && seen.add(key));
}
