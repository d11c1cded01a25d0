// A table of rows with sortable columns; rows can be walked with j and k and opened with Enter.
import { type ReactNode, useMemo, useState } from 'react';
import styles from './ui.module.css';

export interface Column<Row> {
  id: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  /** One line, cut off where it does not fit; needs a width. */
  clip?: boolean;
  width?: number | string;
  /** Makes the column sortable. */
  sortBy?: (row: Row) => string | number;
}

interface DataTableProps<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  /** The key of the row that is open or under the keyboard's mark. */
  active?: string | null;
  sort?: { column: string; descending: boolean } | null;
}

export function DataTable<Row>({
  rows,
  columns,
  rowKey,
  onOpen,
  active,
  sort = null,
}: DataTableProps<Row>) {
  const [sorting, setSorting] = useState(sort);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.id}
              className={column.numeric === true ? 'num' : undefined}
              style={{ width: column.width }}
            >
              {column.sortBy === undefined ? (
                column.title
              ) : (
                <button
                  type="button"
                  className={styles.sort}
                  onClick={() => setSorting(nextSorting(sorting, column))}
                >
                  {column.title}
                  {sorting?.column === column.id ? (sorting.descending ? ' ↓' : ' ↑') : ''}
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => {
          const key = rowKey(row);
          return (
            <tr
              key={key}
              data-active={key === active || undefined}
              data-clickable={onOpen !== undefined || undefined}
              onClick={() => onOpen?.(row)}
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={
                    column.numeric === true ? 'num' : column.clip === true ? 'truncate' : undefined
                  }
                  style={column.clip === true ? { maxWidth: column.width } : undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface Sorting {
  column: string;
  descending: boolean;
}

function nextSorting<Row>(before: Sorting | null, column: Column<Row>): Sorting {
  const same = before?.column === column.id;
  return { column: column.id, descending: same ? !before.descending : column.numeric === true };
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const sortBy = columns.find((column) => column.id === sorting?.column)?.sortBy;
  if (sorting === null || sortBy === undefined) return rows;
  const sign = sorting.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(sortBy(a), sortBy(b)));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b;
  }
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
