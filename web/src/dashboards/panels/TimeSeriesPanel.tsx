// Series over time with Grafana's legend and tooltip options.
import { useMemo, useState } from 'react';
import { type LegendColumn, Legend, type LegendSorting } from '@/charts/Legend';
import { TimeChart } from '@/charts/TimeChart';
import type { TooltipOptions } from '@/charts/ChartTooltip';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { reducerTitle, reduceTo } from '../grafana/display';
import { flag, type Json, object, strings, text } from '../json';
import type { PanelView } from './panel-view';
import styles from './panels.module.css';
import { type TimeSeriesModel, timeSeriesModel } from './time-series-model';

export function TimeSeriesPanel({
  panel,
  frames,
  scheme,
  range,
  zone,
  syncKey,
  exemplars,
  onZoom,
  onReset,
}: PanelView) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const model = useMemo(() => timeSeriesModel(frames, scheme), [frames, scheme]);
  const legend = object(panel.options.legend);
  const mode = legendMode(legend);
  const columns = useMemo(() => legendColumns(legend, model), [legend, model]);
  if (model.series.length === 0) return <div className={styles.noData}>No data</div>;
  const right = legend.placement === 'right';
  return (
    <div className={styles.charted} data-right={right || undefined}>
      <div className={styles.chart}>
        <TimeChart
          times={model.times}
          series={model.series}
          hidden={hidden}
          range={range}
          zone={zone}
          axes={model.axes}
          thresholds={model.thresholds}
          tooltip={tooltipOptions(object(panel.options.tooltip))}
          exemplars={exemplars}
          syncKey={syncKey}
          onZoom={onZoom}
          onReset={onReset}
          onExemplar={({ traceId }) => {
            if (traceId !== null) navigate(href(`/traces/${traceId}`));
          }}
        />
      </div>
      {mode !== null && (
        <div className={styles.legend} data-mode={mode}>
          <Legend
            series={model.series}
            hidden={hidden}
            onHidden={setHidden}
            format={(series) => series.format ?? String}
            mode={mode}
            columns={columns}
            sort={legendSorting(legend, columns)}
          />
        </div>
      )}
    </div>
  );
}

function legendMode(legend: Json): 'list' | 'table' | null {
  if (!flag(legend.showLegend, true) || legend.displayMode === 'hidden') return null;
  return legend.displayMode === 'table' ? 'table' : 'list';
}

function legendColumns(legend: Json, model: TimeSeriesModel): LegendColumn[] {
  return strings(legend.calcs).map((calc) => ({
    id: calc,
    title: reducerTitle(calc),
    value: ({ key }) => {
      const field = model.fields.get(key);
      return field === undefined ? null : reduceTo(field, calc);
    },
  }));
}

/** Saved by the column's title, as the reader saw it. */
function legendSorting(legend: Json, columns: readonly LegendColumn[]): LegendSorting | null {
  const by = text(legend.sortBy);
  const column =
    by === 'Name' ? 'name' : columns.find(({ title, id }) => title === by || id === by)?.id;
  return column === undefined ? null : { column, descending: flag(legend.sortDesc) };
}

function tooltipOptions(tooltip: Json): TooltipOptions {
  const mode = tooltip.mode === 'multi' ? 'all' : tooltip.mode === 'none' ? 'none' : 'single';
  const sort =
    tooltip.sort === 'asc' ? 'ascending' : tooltip.sort === 'desc' ? 'descending' : 'none';
  // Many series unsorted are hard to read; by value is what people look for.
  return { mode, sort: mode === 'all' && sort === 'none' ? 'descending' : sort };
}
