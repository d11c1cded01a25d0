// Where the pointer is in a chart, told to its tooltip without drawing the chart again.
import { useSyncExternalStore } from 'react';

export interface Hover {
  /** Index into the chart's times. */
  index: number;
  /** Pointer in CSS pixels, relative to the window. */
  left: number;
  top: number;
  /** The series next to the pointer, as an index into the chart's series. */
  nearest: number | null;
  /** An exemplar under the pointer, as an index into the chart's exemplars. */
  exemplar: number | null;
}

export class HoverStore {
  private hover: Hover | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly get = (): Hover | null => this.hover;

  set(hover: Hover | null): void {
    if (hover === null && this.hover === null) return;
    this.hover = hover;
    for (const listener of this.listeners) listener();
  }
}

export function useHover(store: HoverStore): Hover | null {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** The newest value of something, for callbacks that were made earlier. */
export class Latest<T> {
  private value: T;

  constructor(value: T) {
    this.value = value;
  }

  get(): T {
    return this.value;
  }

  set(value: T): void {
    this.value = value;
  }
}
