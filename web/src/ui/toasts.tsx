// Short messages about something just done, at the corner of the page.
import { type CSSProperties, useSyncExternalStore } from 'react';
import type { Tone } from './Badge';
import styles from './ui.module.css';

interface Toast {
  id: number;
  tone: Tone;
  text: string;
}

const VISIBLE_MS = 5000;
let toasts: readonly Toast[] = [];
let nextId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(tone: Tone, text: string): void {
  const id = nextId++;
  replace([...toasts, { id, tone, text }]);
  setTimeout(() => replace(toasts.filter((other) => other.id !== id)), VISIBLE_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {shown.map(({ id, tone, text }) => (
        <div
          key={id}
          className={styles.toast}
          style={{ '--tone': `var(--${tone})` } as CSSProperties}
        >
          {text}
        </div>
      ))}
    </div>
  );
}
