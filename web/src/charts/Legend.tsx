// The legend of a time chart: names, or a table with what each series comes to.
import { type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react';
import type { ValueFormat } from '@/format/quantity';
import { type ChartSeries, type SeriesStats, seriesStats } from './chart-series';
import { selectSeries } from './legend-selection';
import styles from './chart.module.css';

export type LegendColumn = keyof SeriesStats;

const TITLES: Readonly<Record<LegendColumn, string>> = {
  last: 'Last',
  min: 'Min',
  mean: 'Mean',
  max: 'Max',
  sum: 'Total',
  count: 'Count',
};

interface LegendProps {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  format: (series: ChartSeries) => ValueFormat;
  mode: 'list' | 'table';
  columns: readonly LegendColumn[];
}

export function Legend({ series, hidden, onHidden, format, mode, columns }: LegendProps) {
  const shown = series.filter((entry) => entry.hideFrom?.legend !== true);
  const select = (key: string) => (event: MouseEvent | KeyboardEvent) => {
    const keys = shown.map((entry) => entry.key);
    onHidden(selectSeries(hidden, keys, key, event.shiftKey || event.ctrlKey || event.metaKey));
  };
  if (mode === 'table') {
    return <LegendTable {...{ series: shown, hidden, format, columns, select }} />;
  }
  return (
    <div className={styles.legendList}>
      {shown.map((entry) => (
        <button
          key={entry.key}
          type="button"
          className={styles.legendItem}
          aria-pressed={!hidden.has(entry.key)}
          onClick={select(entry.key)}
          title="Click shows it alone, Shift adds or removes it"
        >
          <span className={styles.swatch} style={{ background: entry.color }} />
          <span className="truncate">{entry.name}</span>
          {columns.map((column) => (
            <span key={column} className="faint">
              {TITLES[column]}: {cell(entry, column, format)}
            </span>
          ))}
        </button>
      ))}
    </div>
  );
}

interface LegendTableProps {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  format: (series: ChartSeries) => ValueFormat;
  columns: readonly LegendColumn[];
  select: (key: string) => (event: MouseEvent | KeyboardEvent) => void;
}

interface Sorting {
  column: LegendColumn | 'name';
  descending: boolean;
}

function LegendTable({ series, hidden, format, columns, select }: LegendTableProps) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const rows = useMemo(() => sortRows(series, sorting), [series, sorting]);
  const header = (column: LegendColumn | 'name', title: string) => (
    <th key={column} className={column === 'name' ? undefined : 'num'}>
      <button
        type="button"
        className={styles.sortButton}
        onClick={() =>
          setSorting((before) => ({
            column,
            descending: before?.column === column ? !before.descending : column !== 'name',
          }))
        }
      >
        {title}
        {sorting?.column === column ? (sorting.descending ? ' ↓' : ' ↑') : ''}
      </button>
    </th>
  );
  return (
    <table className={styles.legendTable}>
      <thead>
        <tr>
          {header('name', 'Name')}
          {columns.map((column) => header(column, TITLES[column]))}
        </tr>
      </thead>
      <tbody>
        {rows.map((entry) => (
          <tr key={entry.key} data-hidden={hidden.has(entry.key) || undefined}>
            <td>
              <button
                type="button"
                className={styles.legendItem}
                aria-pressed={!hidden.has(entry.key)}
                onClick={select(entry.key)}
                title={entry.name}
              >
                <span className={styles.swatch} style={{ background: entry.color }} />
                <span className="truncate">{entry.name}</span>
              </button>
            </td>
            {columns.map((column) => (
              <td key={column} className="num">
                {cell(entry, column, format)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cell(
  entry: ChartSeries,
  column: LegendColumn,
  format: (series: ChartSeries) => ValueFormat,
) {
  const value = seriesStats(entry.values)[column];
  if (value === null) return '–';
  return column === 'count' ? String(value) : format(entry)(value);
}

function sortRows(series: readonly ChartSeries[], sorting: Sorting | null): readonly ChartSeries[] {
  if (sorting === null) return series;
  const { column, descending } = sorting;
  const sign = descending ? -1 : 1;
  if (column === 'name') return [...series].sort((a, b) => sign * a.name.localeCompare(b.name));
  return series
    .map((entry) => ({ entry, value: seriesStats(entry.values)[column] ?? -Infinity }))
    .sort((a, b) => sign * (a.value - b.value))
    .map(({ entry }) => entry);
}
