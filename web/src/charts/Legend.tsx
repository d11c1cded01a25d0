// The legend of a time chart: names, or a table with what each series comes to.
import { type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react';
import type { ValueFormat } from '@/format/quantity';
import { type ChartSeries, type SeriesStats, seriesStats } from './chart-series';
import { selectSeries } from './legend-selection';
import styles from './chart.module.css';

export interface LegendColumn {
  id: string;
  title: string;
  value: (series: ChartSeries) => number | null;
}

function statColumn(id: keyof SeriesStats, title: string): LegendColumn {
  return { id, title, value: (series) => seriesStats(series.shown ?? series.values)[id] };
}

/** What most charts show of a series. */
export const USUAL_COLUMNS: readonly LegendColumn[] = [
  statColumn('last', 'Last'),
  statColumn('min', 'Min'),
  statColumn('mean', 'Mean'),
  statColumn('max', 'Max'),
];

interface LegendProps {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  format: (series: ChartSeries) => ValueFormat;
  mode: 'list' | 'table';
  columns: readonly LegendColumn[];
  sort?: LegendSorting | null;
}

export function Legend(props: LegendProps) {
  const { series, hidden, onHidden, format, mode, columns, sort } = props;
  const shown = series.filter((entry) => entry.hideFrom?.legend !== true);
  const select = (key: string) => (event: MouseEvent | KeyboardEvent) => {
    const keys = shown.map((entry) => entry.key);
    onHidden(selectSeries(hidden, keys, key, event.shiftKey || event.ctrlKey || event.metaKey));
  };
  if (mode === 'table') {
    return <LegendTable {...{ series: shown, hidden, format, columns, select, sort }} />;
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
            <span key={column.id} className="faint">
              {column.title}: {cell(entry, column, format)}
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
  sort?: LegendSorting | null | undefined;
  select: (key: string) => (event: MouseEvent | KeyboardEvent) => void;
}

export interface LegendSorting {
  /** A column's id, or `name`. */
  column: string;
  descending: boolean;
}

function LegendTable({ series, hidden, format, columns, select, sort }: LegendTableProps) {
  const [sorting, setSorting] = useState(sort ?? null);
  const rows = useMemo(() => sortRows(series, columns, sorting), [series, columns, sorting]);
  const header = (column: string, title: string) => (
    <th key={column} className={column === 'name' ? undefined : 'num'}>
      <button
        type="button"
        className={styles.sortButton}
        onClick={() =>
          setSorting((before: LegendSorting | null) => ({
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
          {columns.map(({ id, title }) => header(id, title))}
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
              <td key={column.id} className="num">
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
  const value = column.value(entry);
  return value === null ? '–' : format(entry)(value);
}

function sortRows(
  series: readonly ChartSeries[],
  columns: readonly LegendColumn[],
  sorting: LegendSorting | null,
): readonly ChartSeries[] {
  if (sorting === null) return series;
  const sign = sorting.descending ? -1 : 1;
  if (sorting.column === 'name') {
    return [...series].sort((a, b) => sign * a.name.localeCompare(b.name));
  }
  const column = columns.find(({ id }) => id === sorting.column);
  if (column === undefined) return series;
  return series
    .map((entry) => ({ entry, value: column.value(entry) ?? -Infinity }))
    .sort((a, b) => sign * (a.value - b.value))
    .map(({ entry }) => entry);
}
