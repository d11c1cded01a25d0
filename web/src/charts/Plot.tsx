// A uPlot chart as a React component: made anew when its options change, fed when its data change.
import { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ResolvedRange } from '@/time/time-range';
import './uplot.css';

export type PlotOptions = Omit<uPlot.Options, 'width' | 'height'>;

interface PlotProps {
  /** A new object makes a new chart: memoise it. The time scale is the plot's own. */
  options: PlotOptions;
  data: uPlot.AlignedData;
  range: ResolvedRange;
  /** Changes when something the options' functions read did: the chart is drawn again. */
  revision: string;
}

export function Plot({ options, data, range, revision }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ data, range });
  /** What the chart shows now; null when it was just made anew and may have read something old. */
  const drawn = useRef<{ data: uPlot.AlignedData; key: string } | null>(null);
  const key = `${range.startMs} ${range.endMs} ${revision}`;

  useLayoutEffect(() => {
    latest.current = { data, range };
  }, [data, range]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new uPlot(
      withTimeScale(options, element, () => latest.current.range),
      latest.current.data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0 && (width !== made.width || height !== made.height)) {
        made.setSize({ width, height });
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
      drawn.current = null;
    };
  }, [options]);

  useEffect(() => {
    if (drawn.current?.data === data && drawn.current.key === key) return;
    drawn.current = { data, key };
    plot.current?.setData(data);
  }, [options, data, key]);

  return <div ref={box} style={{ width: '100%', height: '100%', minHeight: 0 }} />;
}

function withTimeScale(
  options: PlotOptions,
  element: HTMLElement,
  range: () => ResolvedRange,
): uPlot.Options {
  const x: uPlot.Scale = {
    time: true,
    range: () => [range().startMs / 1000, range().endMs / 1000],
  };
  return {
    ...options,
    scales: { ...options.scales, x },
    width: element.clientWidth,
    height: element.clientHeight,
  };
}
