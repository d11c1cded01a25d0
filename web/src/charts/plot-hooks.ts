// What a time chart does beyond drawing lines: zoom, hover, thresholds, exemplars.
import type uPlot from 'uplot';
import type { HoverStore } from './hover';
import { tokenColor, withAlpha } from './palette';

export interface Threshold {
  value: number;
  color: string;
}

export interface ChartThresholds {
  steps: readonly Threshold[];
  line: boolean;
  area: boolean;
}

export interface ChartExemplar {
  timeMs: number;
  value: number;
  traceId: string | null;
  labels: Readonly<Record<string, string>>;
}

export interface Interactions {
  hover: HoverStore;
  thresholds: ChartThresholds | null;
  exemplars: () => readonly ChartExemplar[];
  onZoom: (startMs: number, endMs: number) => void;
  onReset: () => void;
  onExemplar: (exemplar: ChartExemplar) => void;
}

const EXEMPLAR_RADIUS = 4;

export function plotHooks(interactions: Interactions): uPlot.Hooks.Arrays {
  return {
    init: [(plot) => listen(plot, interactions)],
    setCursor: [(plot) => track(plot, interactions)],
    setSelect: [(plot) => zoom(plot, interactions)],
    drawAxes: [(plot) => drawThresholdAreas(plot, interactions.thresholds)],
    draw: [
      (plot) => drawThresholdLines(plot, interactions.thresholds),
      (plot) => drawExemplars(plot, interactions.exemplars()),
    ],
  };
}

function listen(plot: uPlot, interactions: Interactions): void {
  plot.over.addEventListener('dblclick', interactions.onReset);
  plot.over.addEventListener('mouseleave', () => interactions.hover.set(null));
  plot.over.addEventListener('click', () => {
    const index = exemplarAt(plot, interactions.exemplars());
    const exemplar = index === null ? undefined : interactions.exemplars()[index];
    if (exemplar !== undefined) interactions.onExemplar(exemplar);
  });
}

function track(plot: uPlot, { hover, exemplars }: Interactions): void {
  const { idx, left, top } = plot.cursor;
  // Charts that only follow another one's crosshair show no tooltip of their own.
  if (
    idx == null ||
    left === undefined ||
    top === undefined ||
    left < 0 ||
    !plot.over.matches(':hover')
  ) {
    hover.set(null);
    return;
  }
  const box = plot.over.getBoundingClientRect();
  const exemplar = exemplarAt(plot, exemplars());
  plot.over.style.cursor = exemplar === null ? '' : 'pointer';
  const nearest = nearestSeries(plot, idx, top);
  hover.set({ index: idx, left: box.left + left, top: box.top + top, nearest, exemplar });
}

function nearestSeries(plot: uPlot, index: number, top: number): number | null {
  let best: number | null = null;
  let bestDistance = 40;
  for (let at = 1; at < plot.series.length; at++) {
    const series = plot.series[at];
    const value = plot.data[at]?.[index];
    if (series?.show !== true || value == null || series.scale === undefined) continue;
    const distance = Math.abs(plot.valToPos(value, series.scale) - top);
    if (distance < bestDistance) [best, bestDistance] = [at - 1, distance];
  }
  return best;
}

function zoom(plot: uPlot, { onZoom }: Interactions): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const start = plot.posToVal(left, 'x');
  const end = plot.posToVal(left + width, 'x');
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(start * 1000, end * 1000);
}

function drawThresholdAreas(plot: uPlot, thresholds: ChartThresholds | null): void {
  if (thresholds?.area !== true) return;
  const { ctx, bbox } = plot;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  thresholds.steps.forEach((step, index) => {
    const above = thresholds.steps[index + 1];
    const from = Number.isFinite(step.value) ? plot.valToPos(step.value, 'left', true) : bottom;
    const to = above === undefined ? bbox.top : plot.valToPos(above.value, 'left', true);
    const [high, low] = [Math.max(to, bbox.top), Math.min(from, bottom)];
    if (low <= high) return;
    ctx.fillStyle = withAlpha(step.color, 0.1);
    ctx.fillRect(bbox.left, high, bbox.width, low - high);
  });
  ctx.restore();
}

function drawThresholdLines(plot: uPlot, thresholds: ChartThresholds | null): void {
  if (thresholds?.line !== true) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const { value, color } of thresholds.steps) {
    if (!Number.isFinite(value)) continue;
    const y = plot.valToPos(value, 'left', true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = color;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

function drawExemplars(plot: uPlot, exemplars: readonly ChartExemplar[]): void {
  if (exemplars.length === 0) return;
  const { ctx, bbox } = plot;
  const size = EXEMPLAR_RADIUS * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = tokenColor('--accent');
  ctx.strokeStyle = tokenColor('--surface');
  ctx.lineWidth = devicePixelRatio;
  for (const { timeMs, value } of exemplars) {
    const x = plot.valToPos(timeMs / 1000, 'x', true);
    const y = plot.valToPos(withinScale(plot, value), 'left', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** One request may lie far beyond what the lines need: its point stands at the edge then. */
function withinScale(plot: uPlot, value: number): number {
  const { min = 0, max = 1 } = plot.scales.left ?? {};
  return Math.min(max, Math.max(min, value));
}

/** The exemplar within reach of the pointer. */
function exemplarAt(plot: uPlot, exemplars: readonly ChartExemplar[]): number | null {
  const { left = -1, top = -1 } = plot.cursor;
  let best: number | null = null;
  let bestDistance = (EXEMPLAR_RADIUS + 4) ** 2;
  exemplars.forEach(({ timeMs, value }, index) => {
    const across = plot.valToPos(timeMs / 1000, 'x') - left;
    const down = plot.valToPos(withinScale(plot, value), 'left') - top;
    const distance = across * across + down * down;
    if (distance < bestDistance) [best, bestDistance] = [index, distance];
  });
  return best;
}
