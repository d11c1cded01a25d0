// Editors load when first shown; until then a field of the same size takes their place.
import { lazy, Suspense } from 'react';
import { Skeleton } from '@/ui/Skeleton';

const LogQueryEditor = lazy(() => import('./LogQueryEditor'));
const PromqlEditor = lazy(() => import('./PromqlEditor'));

type LogProps = Parameters<typeof LogQueryEditor>[0];
type PromqlProps = Parameters<typeof PromqlEditor>[0];

const placeholder = (
  <div style={{ flex: 1 }}>
    <Skeleton height={30} />
  </div>
);

export function LogQueryField(props: LogProps) {
  return (
    <Suspense fallback={placeholder}>
      <LogQueryEditor {...props} />
    </Suspense>
  );
}

export function PromqlField(props: PromqlProps) {
  return (
    <Suspense fallback={placeholder}>
      <PromqlEditor {...props} />
    </Suspense>
  );
}

/** Puts the caret into the page's first query. */
export function focusQuery(): void {
  document.querySelector<HTMLElement>('.code-editor .cm-content')?.focus();
}
