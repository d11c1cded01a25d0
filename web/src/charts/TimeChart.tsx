// Series over time: lines, areas, bars or points, with crosshair, tooltip, zoom and exemplars.
import { useComputedColorScheme } from '@mantine/core';
import { useLayoutEffect, useMemo, useState } from 'react';
import type uPlot from 'uplot';
import type { ResolvedRange, Zone } from '@/time/time-range';
import { type ChartSeries, stackSeries } from './chart-series';
import { ChartTooltip, type TooltipOptions } from './ChartTooltip';
import { HoverStore, Latest } from './hover';
import { Plot } from './Plot';
import { type ChartExemplar, type ChartThresholds, plotHooks } from './plot-hooks';
import { type AxisOptions, plotOptions } from './plot-options';

export interface TimeChartProps {
  /** Seconds since the epoch, ascending. */
  times: readonly number[];
  series: readonly ChartSeries[];
  hidden?: ReadonlySet<string>;
  range: ResolvedRange;
  zone: Zone;
  axes: { left: AxisOptions; right?: AxisOptions };
  tooltip?: TooltipOptions;
  thresholds?: ChartThresholds | null;
  exemplars?: readonly ChartExemplar[];
  /** Charts with the same key share their crosshair. */
  syncKey?: string | null;
  showTimeAxis?: boolean;
  onZoom: (startMs: number, endMs: number) => void;
  onReset: () => void;
  onExemplar?: (exemplar: ChartExemplar) => void;
}

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();
const ALL_DESCENDING: TooltipOptions = { mode: 'all', sort: 'descending' };
const NO_EXEMPLARS: readonly ChartExemplar[] = [];

export function TimeChart(props: TimeChartProps) {
  const { times, series, axes, zone, range } = props;
  const hidden = props.hidden ?? NOTHING_HIDDEN;
  const exemplars = props.exemplars ?? NO_EXEMPLARS;
  const [hover] = useState(() => new HoverStore());
  const options = usePlotOptions(props, hover);
  const data = useMemo(
    () => [times, ...stackSeries(series, hidden)] as unknown as uPlot.AlignedData,
    [times, series, hidden],
  );
  return (
    <>
      <Plot options={options} data={data} range={range} revision={String(exemplars.length)} />
      <ChartTooltip
        store={hover}
        times={times}
        series={series}
        hidden={hidden}
        exemplars={exemplars}
        format={(entry) =>
          entry.format ?? (entry.style.axis === 'right' ? axes.right : axes.left)?.format ?? String
        }
        options={props.tooltip ?? ALL_DESCENDING}
        zone={zone}
      />
    </>
  );
}

/** Options change only with what is drawn, never with the data or the range: those are read through a reference. */
function usePlotOptions(props: TimeChartProps, hover: HoverStore) {
  const [latest] = useState(() => new Latest(props));
  useLayoutEffect(() => latest.set(props));
  const scheme = useComputedColorScheme('dark');
  const { axes, series, zone } = props;
  const hidden = props.hidden ?? NOTHING_HIDDEN;
  const shape = JSON.stringify([
    series.map(({ key, name, color, style, hideFrom }) => [key, name, color, style, hideFrom]),
    [...hidden],
    axisShape(axes.left),
    axisShape(axes.right),
    props.thresholds,
    props.syncKey,
    props.showTimeAxis,
    zone,
    scheme,
  ]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `shape` stands for everything read here
  return useMemo(() => buildOptions(latest, props, hidden, hover), [shape, hover, latest]);
}

function buildOptions(
  latest: Latest<TimeChartProps>,
  props: TimeChartProps,
  hidden: ReadonlySet<string>,
  hover: HoverStore,
) {
  return plotOptions({
    series: props.series,
    hidden,
    axes: props.axes,
    zone: props.zone,
    syncKey: props.syncKey ?? null,
    showTimeAxis: props.showTimeAxis ?? true,
    hooks: plotHooks({
      hover,
      thresholds: props.thresholds ?? null,
      exemplars: () => latest.get().exemplars ?? NO_EXEMPLARS,
      onZoom: (startMs, endMs) => latest.get().onZoom(startMs, endMs),
      onReset: () => latest.get().onReset(),
      onExemplar: (exemplar) => latest.get().onExemplar?.(exemplar),
    }),
  });
}

function axisShape(axis: AxisOptions | undefined) {
  return axis === undefined ? null : { ...axis, format: axis.format(1234.5678, 4) };
}
