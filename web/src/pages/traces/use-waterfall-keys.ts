// Walking through a waterfall by keyboard.
import { useShortcuts } from '@/app/shortcuts';
import type { Span } from './trace-model';

interface WaterfallKeys {
  spans: readonly Span[];
  selected: Span | null;
  collapsed: ReadonlySet<string>;
  onSelect: (id: string | null) => void;
  onFold: (id: string) => void;
}

export function useWaterfallKeys({
  spans,
  selected,
  collapsed,
  onSelect,
  onFold,
}: WaterfallKeys): void {
  const at = spans.findIndex((span) => span.id === selected?.id);
  const move = (step: number) => {
    const next = spans[Math.min(Math.max(0, at + step), spans.length - 1)];
    if (next !== undefined) onSelect(next.id);
  };
  const setFolded = (folded: boolean) => {
    if (selected === null || selected.childCount === 0) return;
    if (collapsed.has(selected.id) !== folded) onFold(selected.id);
  };
  useShortcuts([
    {
      key: '/',
      description: 'Find in the trace',
      run: () => document.getElementById('trace-find')?.focus(),
    },
    { key: 'j', description: 'Next span', run: () => move(1) },
    { key: 'k', description: 'Span before', run: () => move(-1) },
    { key: 'ArrowDown', description: 'Next span', run: () => move(1) },
    { key: 'ArrowUp', description: 'Span before', run: () => move(-1) },
    { key: 'ArrowLeft', description: 'Fold the span', run: () => setFolded(true) },
    { key: 'ArrowRight', description: 'Unfold the span', run: () => setFolded(false) },
    { key: 'Enter', description: 'Open the first span', run: () => move(at < 0 ? 1 : 0) },
    { key: 'Escape', description: 'Close the span', run: () => onSelect(null) },
  ]);
}
