// The frame around every page: rail, top bar, and the page itself with what to do when it breaks.
import { lazy, Suspense, useEffect, useState } from 'react';
import { usePlace, useSearchParams } from '@/router/location';
import { TimeProvider } from '@/time/TimeContext';
import { EmptyState } from '@/ui/EmptyState';
import { Toasts } from '@/ui/toasts';
import styles from './app.module.css';
import { matchPage, type Page, prefetchPage, SECTIONS } from './pages';
import { PageBoundary } from './PageBoundary';
import { Rail } from './Rail';
import { TopBar } from './TopBar';
import { useGlobalShortcuts } from './use-global-shortcuts';

const loadPalette = () => import('./CommandPalette');
const CommandPalette = lazy(loadPalette);
const ShortcutHelp = lazy(() => import('./ShortcutHelp'));

/** After what the first page needs. */
const PREFETCH_DELAY_MS = 1500;

export function App() {
  return (
    <TimeProvider>
      <Frame />
      <Toasts />
    </TimeProvider>
  );
}

type Overlay = 'palette' | 'help' | null;

function Frame() {
  const [overlay, setOverlay] = useState<Overlay>(null);
  useEffect(() => {
    // Whoever presses the palette's keys goes on typing at once, and whoever changes the page waits for nothing.
    const soon = setTimeout(() => {
      void loadPalette();
      for (const { to } of SECTIONS) void prefetchPage(to);
    }, PREFETCH_DELAY_MS);
    return () => clearTimeout(soon);
  }, []);
  const kiosk = useSearchParams().has('kiosk');
  useGlobalShortcuts({
    openPalette: () => setOverlay('palette'),
    openHelp: () => setOverlay('help'),
  });
  return (
    <div className={styles.frame}>
      {!kiosk && <Rail />}
      <div className={styles.main}>
        {!kiosk && (
          <TopBar onSearch={() => setOverlay('palette')} onHelp={() => setOverlay('help')} />
        )}
        <main className={styles.page}>
          <CurrentPage />
        </main>
      </div>
      <Suspense>
        {overlay === 'palette' && <CommandPalette onClose={() => setOverlay(null)} />}
        {overlay === 'help' && <ShortcutHelp onClose={() => setOverlay(null)} />}
      </Suspense>
    </div>
  );
}

function CurrentPage() {
  const { path } = usePlace();
  const match = matchPage(path);
  if (match === null) {
    return (
      <EmptyState icon="search" title="There is no page here">
        {path} is not one of the pages on the left.
      </EmptyState>
    );
  }
  return (
    <PageBoundary key={path}>
      <Suspense fallback={null}>
        <OpenedPage page={match.page} params={match.params} />
      </Suspense>
    </PageBoundary>
  );
}

function OpenedPage({ page, params }: { page: Page; params: Record<string, string> }) {
  const [Component] = useState(() => page.component());
  return <Component params={params} />;
}
