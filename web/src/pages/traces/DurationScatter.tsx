// The found traces as points: when they began and how long they took; errors stand out.
import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import type uPlot from 'uplot';
import { valueLabels, timeLabels } from '@/charts/axis-format';
import { tokenColor, tokenColors, withAlpha } from '@/charts/palette';
import { Plot, type PlotOptions } from '@/charts/Plot';
import { formatSeconds } from '@/format/quantity';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { useTime } from '@/time/TimeContext';
import type { Zone } from '@/time/time-range';
import type { TraceSummary } from './trace-summary';

interface DurationScatterProps {
  traces: readonly TraceSummary[];
}

export function DurationScatter({ traces }: DurationScatterProps) {
  const { resolved, zone, zoomTo, resetZoom } = useTime();
  const scheme = useComputedColorScheme('dark');
  const points = useMemo(() => [...traces].sort((a, b) => a.startMs - b.startMs), [traces]);
  const options = useMemo(
    () =>
      scatterOptions({
        points,
        zone,
        colorOf: tokenColors(scheme),
        onZoom: zoomTo,
        onReset: resetZoom,
      }),
    [points, zone, scheme, zoomTo, resetZoom],
  );
  const data = useMemo<uPlot.AlignedData>(
    () => [
      points.map(({ startMs }) => startMs / 1000),
      points.map(({ durationMs }) => durationMs / 1000),
    ],
    [points],
  );
  return <Plot options={options} data={data} range={resolved} revision="" />;
}

interface ScatterSetup {
  points: readonly TraceSummary[];
  zone: Zone;
  colorOf: (token: string) => string;
  onZoom: (startMs: number, endMs: number) => void;
  onReset: () => void;
}

const HIT_PX = 10;

function scatterOptions(setup: ScatterSetup): PlotOptions {
  const { points, zone, colorOf } = setup;
  const label = {
    stroke: colorOf('--faint'),
    font: `11px ${colorOf('--font-sans')}`,
    ticks: { show: false },
  };
  const grid = { stroke: colorOf('--grid'), width: 1 };
  return {
    legend: { show: false },
    padding: [8, 18, 0, 0],
    scales: { y: { range: (_plot, _low, high) => [0, (high || 1) * 1.1] } },
    axes: [
      {
        ...label,
        grid,
        size: 26,
        gap: 5,
        space: 76,
        values: (_p, splits, _a, _s, step) => timeLabels(splits, step, zone),
      },
      {
        ...label,
        grid,
        size: 62,
        gap: 6,
        space: 34,
        values: (_p, splits) => valueLabels(splits, formatSeconds),
      },
    ],
    series: [{}, { stroke: colorOf('--accent'), paths: () => null, points: { show: false } }],
    cursor: {
      y: false,
      x: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => null },
    },
    hooks: {
      init: [(plot) => listen(plot, setup)],
      draw: [(plot) => drawPoints(plot, points)],
      setSelect: [(plot) => select(plot, setup)],
    },
  };
}

function drawPoints(plot: uPlot, points: readonly TraceSummary[]): void {
  const { ctx } = plot;
  const [plain, failed] = [tokenColor('--accent'), tokenColor('--error')];
  ctx.save();
  for (const { startMs, durationMs, errors, spanCount } of points) {
    const x = plot.valToPos(startMs / 1000, 'x', true);
    const y = plot.valToPos(durationMs / 1000, 'y', true);
    const radius = (2.5 + Math.min(5, Math.log2(1 + spanCount) * 0.6)) * devicePixelRatio;
    ctx.fillStyle = withAlpha(errors > 0 ? failed : plain, 0.45);
    ctx.strokeStyle = errors > 0 ? failed : plain;
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function listen(plot: uPlot, { points, onReset }: ScatterSetup): void {
  plot.over.addEventListener('dblclick', onReset);
  plot.over.addEventListener('mousemove', () => {
    const point = pointAt(plot, points);
    plot.over.style.cursor = point === null ? '' : 'pointer';
    plot.over.title = point === null ? '' : titleOf(point);
  });
  plot.over.addEventListener('click', () => {
    const point = pointAt(plot, points);
    if (point !== null) navigate(href(`/traces/${point.id}`));
  });
}

function titleOf({ service, operation, durationMs, spanCount, errors }: TraceSummary): string {
  const failed = errors > 0 ? `, ${errors} with errors` : '';
  return `${service} ${operation}\n${formatSeconds(durationMs / 1000)}, ${spanCount} spans${failed}`;
}

function pointAt(plot: uPlot, points: readonly TraceSummary[]): TraceSummary | null {
  const { left = -1, top = -1 } = plot.cursor;
  let best: TraceSummary | null = null;
  let bestDistance = HIT_PX ** 2;
  for (const point of points) {
    const across = plot.valToPos(point.startMs / 1000, 'x') - left;
    const down = plot.valToPos(point.durationMs / 1000, 'y') - top;
    const distance = across ** 2 + down ** 2;
    if (distance < bestDistance) [best, bestDistance] = [point, distance];
  }
  return best;
}

function select(plot: uPlot, { onZoom }: ScatterSetup): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
}
