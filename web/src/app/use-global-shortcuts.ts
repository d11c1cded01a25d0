// The keys that mean the same on every page.
import { useMemo, useRef } from 'react';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { useTime } from '@/time/TimeContext';
import { SECTIONS } from './pages';
import { type Shortcut, useShortcuts } from './shortcuts';

interface Overlays {
  openPalette: () => void;
  openHelp: () => void;
}

/** How long after `g` a section's key still counts. */
const CHORD_MS = 1200;

export function useGlobalShortcuts({ openPalette, openHelp }: Overlays): void {
  const time = useTime();
  const chordStarted = useRef(0);
  const sections = useMemo<Shortcut[]>(
    () =>
      SECTIONS.map(({ key, name, to }) => ({
        key,
        description: `g then ${key}: ${name}`,
        run: () => {
          if (performance.now() - chordStarted.current < CHORD_MS) navigate(href(to));
        },
      })),
    [],
  );
  useShortcuts([
    ...sections,
    {
      key: 'g',
      description: 'Go to a section: press its letter next',
      run: () => {
        chordStarted.current = performance.now();
      },
    },
    { key: 'mod+k', description: 'Search everything', run: openPalette },
    { key: '?', description: 'All keys', run: openHelp },
    { key: '[', description: 'Earlier by half the range', run: () => time.shift(-1) },
    { key: ']', description: 'Later by half the range', run: () => time.shift(1) },
    { key: '-', description: 'Zoom out', run: time.zoomOut },
    { key: 'r', description: 'Ask again now', run: time.refreshNow },
  ]);
}
