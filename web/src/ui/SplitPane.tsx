// A list with what is open from it beside; the border between can be dragged or moved with the arrow keys.
import { type PointerEvent, type ReactNode, useState } from 'react';
import styles from './ui.module.css';

interface SplitPaneProps {
  /** Remembers the width under this name. */
  name: string;
  children: ReactNode;
  /** Nothing is beside when null. */
  side: ReactNode | null;
  defaultWidth?: number;
}

const MIN_WIDTH = 280;

export function SplitPane({ name, children, side, defaultWidth = 460 }: SplitPaneProps) {
  const [width, setWidth] = useState(() => readWidth(name) ?? defaultWidth);
  const resize = (next: number) => {
    const limited = Math.min(Math.max(MIN_WIDTH, next), window.innerWidth * 0.7);
    setWidth(limited);
    localStorage.setItem(storageKey(name), String(Math.round(limited)));
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const startX = event.clientX;
    const startWidth = width;
    handle.onpointermove = (move) => resize(startWidth + startX - move.clientX);
    handle.onpointerup = () => {
      handle.onpointermove = null;
    };
  };
  return (
    <div className={styles.split}>
      <div className={styles.splitMain}>{children}</div>
      {side !== null && (
        <>
          <button
            type="button"
            className={styles.splitHandle}
            aria-label="Resize"
            onPointerDown={drag}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') resize(width + 24);
              if (event.key === 'ArrowRight') resize(width - 24);
            }}
          />
          <aside className={styles.splitSide} style={{ width }}>
            {side}
          </aside>
        </>
      )}
    </div>
  );
}

const storageKey = (name: string) => `sightglass.width.${name}`;

function readWidth(name: string): number | null {
  const width = Number(localStorage.getItem(storageKey(name)));
  return width >= MIN_WIDTH ? width : null;
}
