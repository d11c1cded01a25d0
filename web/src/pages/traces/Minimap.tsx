// The whole trace at a glance; dragging over it chooses the part of time the waterfall shows.
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { tokenColor } from '@/charts/palette';
import type { Trace } from './trace-model';
import { clampWindow, WHOLE, type Window } from './trace-view';
import styles from './traces.module.css';

interface MinimapProps {
  trace: Trace;
  colors: ReadonlyMap<string, string>;
  window: Window;
  onWindow: (window: Window) => void;
}

const HEIGHT = 52;

export function Minimap({ trace, colors, window: view, onWindow }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drag, setDrag] = useState<Window | null>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => drawSpans(element, trace, colors));
    observer.observe(element);
    return () => observer.disconnect();
  }, [trace, colors]);
  const shown = drag ?? view;
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  return (
    <div
      className={styles.minimap}
      style={{ height: HEIGHT }}
      title="Drag to zoom, double click for the whole trace"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ start: at(event), end: at(event) });
      }}
      onPointerMove={(event) => {
        if (drag !== null) setDrag({ ...drag, end: at(event) });
      }}
      onPointerUp={() => {
        if (drag !== null && Math.abs(drag.end - drag.start) > 0.004) onWindow(clampWindow(drag));
        setDrag(null);
      }}
      onDoubleClick={() => onWindow(WHOLE)}
    >
      <canvas ref={canvas} />
      <div
        className={styles.shade}
        style={{ left: 0, width: percent(Math.min(shown.start, shown.end)) }}
      />
      <div
        className={styles.shade}
        style={{ left: percent(Math.max(shown.start, shown.end)), right: 0 }}
      />
    </div>
  );
}

const percent = (fraction: number) => `${fraction * 100}%`;

function drawSpans(
  canvas: HTMLCanvasElement,
  trace: Trace,
  colors: ReadonlyMap<string, string>,
): void {
  const { clientWidth, clientHeight } = canvas;
  canvas.width = clientWidth * devicePixelRatio;
  canvas.height = clientHeight * devicePixelRatio;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const error = tokenColor('--error');
  const row = canvas.height / Math.max(trace.spans.length, 8);
  const scale = canvas.width / Math.max(1, trace.durationUs);
  trace.spans.forEach((span, index) => {
    context.fillStyle = span.error ? error : (colors.get(span.service) ?? error);
    const width = Math.max(devicePixelRatio, span.durationUs * scale);
    context.fillRect(span.startUs * scale, index * row, width, Math.max(1, row * 0.75));
  });
}
