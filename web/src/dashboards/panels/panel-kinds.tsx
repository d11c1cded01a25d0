// The kinds of panels that are drawn. A kind is a file here plus a line in this list.
import type { ComponentType } from 'react';
import { BarGaugePanel } from './BarGaugePanel';
import { GaugePanel } from './GaugePanel';
import type { PanelView } from './panel-view';
import { PieChartPanel } from './PieChartPanel';
import { StatPanel } from './StatPanel';
import { TablePanel } from './TablePanel';
import { TextPanel } from './TextPanel';
import { TimeSeriesPanel } from './TimeSeriesPanel';

export const PANEL_KINDS: Readonly<Record<string, ComponentType<PanelView>>> = {
  timeseries: TimeSeriesPanel,
  stat: StatPanel,
  gauge: GaugePanel,
  bargauge: BarGaugePanel,
  table: TablePanel,
  text: TextPanel,
  piechart: PieChartPanel,
};

/** Kinds that show no data of their own. */
export const WITHOUT_DATA: ReadonlySet<string> = new Set(['text', 'row']);
