// Rows and columns with sorting, coloured cells, bars and small charts.
import { Select } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useMemo, useRef, useState } from 'react';
import { type DataFrame, fieldName, FieldType } from '../grafana/display';
import { flag } from '../json';
import type { PanelView } from './panel-view';
import styles from './panels.module.css';
import {
  savedSorting,
  sortedRows,
  tableModel,
  type TableColumn,
  type TableModel,
} from './table-model';
import { TableCell } from './TableCell';

const ROW_HEIGHT = 28;

export function TablePanel({ panel, frames, interpolate, scheme }: PanelView) {
  const [chosen, setChosen] = useState(0);
  const [sorting, setSorting] = useState(() => savedSorting(panel.options));
  const shown = useMemo(() => shownFrames(frames), [frames]);
  const model = useMemo(
    () => tableModel(shown[chosen] ?? shown[0], frames),
    [shown, chosen, frames],
  );
  const rows = useMemo(() => sortedRows(model, sorting), [model, sorting]);
  if (model.columns.length === 0) return <div className={styles.noData}>No data</div>;
  return (
    <div className={styles.tablePanel}>
      <TableRows
        model={model}
        rows={rows}
        sorting={sorting}
        showHeader={flag(panel.options.showHeader, true)}
        onSort={(title) =>
          setSorting((before) => ({
            title,
            descending: before?.title === title ? !before.descending : false,
          }))
        }
        interpolate={interpolate}
        scheme={scheme}
      />
      {shown.length > 1 && (
        <Select
          className={styles.frameSelect}
          data={shown.map((frame, index) => ({
            value: String(index),
            label: frameTitle(frame, frames),
          }))}
          value={String(chosen)}
          onChange={(value) => setChosen(Number(value ?? 0))}
          allowDeselect={false}
          aria-label="Which series"
        />
      )}
    </div>
  );
}

/** Frames of series all have two columns; one table can hold them only one at a time. */
function shownFrames(frames: DataFrame[]): DataFrame[] {
  const filled = frames.filter((frame) => frame.length > 0);
  return filled.length > 0 ? filled : frames.slice(0, 1);
}

function frameTitle(frame: DataFrame, frames: DataFrame[]): string {
  const value = frame.fields.find(({ type }) => type !== FieldType.time);
  return value === undefined ? (frame.name ?? frame.refId ?? '') : fieldName(value, frame, frames);
}

interface TableRowsProps extends Pick<PanelView, 'interpolate' | 'scheme'> {
  model: TableModel;
  rows: readonly number[];
  sorting: ReturnType<typeof savedSorting>;
  showHeader: boolean;
  onSort: (title: string) => void;
}

function TableRows({
  model,
  rows,
  sorting,
  showHeader,
  onSort,
  interpolate,
  scheme,
}: TableRowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const layout = { '--columns': model.columns.map(track).join(' ') } as CSSProperties;
  return (
    <div ref={scroller} className={styles.table} style={layout} role="table">
      {showHeader && (
        <div className={styles.tableHead} role="row">
          {model.columns.map(({ title, align }, index) => (
            <button
              key={index}
              type="button"
              role="columnheader"
              className="truncate"
              style={{ textAlign: align }}
              title={title}
              onClick={() => onSort(title)}
            >
              {title}
              {sorting?.title === title ? (sorting.descending ? ' ↓' : ' ↑') : ''}
            </button>
          ))}
        </div>
      )}
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            className={styles.tableRow}
            role="row"
            style={{ transform: `translateY(${start}px)` }}
          >
            {model.columns.map((column, at) => (
              <TableCell
                key={at}
                column={column}
                columns={model.columns}
                row={rows[index] ?? 0}
                interpolate={interpolate}
                scheme={scheme}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function track({ width, minWidth }: TableColumn): string {
  return width === null ? `minmax(${minWidth}px, 1fr)` : `${width}px`;
}
