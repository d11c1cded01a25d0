// The columns and rows of a table panel.
import { type DataFrame, type Field, fieldName, FieldType } from '../grafana/display';
import { flag, type Json, number, object, objects, text } from '../json';
import { isTrendField, type TrendValue } from '../grafana/time-series-table';

export interface TableColumn {
  field: Field;
  title: string;
  align: 'left' | 'center' | 'right';
  width: number | null;
  minWidth: number;
  cell: CellKind;
}

export type CellKind = 'text' | 'color-text' | 'color-background' | 'gauge' | 'trend' | 'json';

export interface TableModel {
  columns: readonly TableColumn[];
  rowCount: number;
}

export function tableModel(frame: DataFrame | undefined, frames: DataFrame[]): TableModel {
  if (frame === undefined) return { columns: [], rowCount: 0 };
  const columns = frame.fields
    .filter((field) => !isHidden(field))
    .map((field): TableColumn => {
      const custom = object(field.config.custom);
      return {
        field,
        title: fieldName(field, frame, frames),
        align: alignOf(field, custom),
        width: number(custom.width),
        minWidth: number(custom.minWidth) ?? 90,
        cell: cellKind(field, custom),
      };
    });
  return { columns, rowCount: frame.length };
}

function isHidden(field: Field): boolean {
  const custom = object(field.config.custom);
  return flag(custom.hidden) || flag(object(custom.hideFrom).viz);
}

function alignOf(field: Field, custom: Json): TableColumn['align'] {
  const align = text(custom.align, 'auto');
  if (align === 'left' || align === 'center' || align === 'right') return align;
  return field.type === FieldType.number ? 'right' : 'left';
}

/** Until Grafana 9.5 the kind of cell was called its display mode. */
function cellKind(field: Field, custom: Json): CellKind {
  if (isTrendField(field)) return 'trend';
  const type = text(object(custom.cellOptions).type, text(custom.displayMode, 'auto'));
  switch (type) {
    case 'color-text':
      return 'color-text';
    case 'color-background':
    case 'color-background-solid':
      return 'color-background';
    case 'gauge':
    case 'basic':
    case 'gradient-gauge':
    case 'lcd-gauge':
      return 'gauge';
    case 'sparkline':
      return 'trend';
    case 'json-view':
      return 'json';
    default:
      return 'text';
  }
}

export interface TableSorting {
  title: string;
  descending: boolean;
}

export function savedSorting(options: Json): TableSorting | null {
  const [first] = objects(options.sortBy);
  return first === undefined
    ? null
    : { title: text(first.displayName), descending: flag(first.desc) };
}

/** The order of the rows: indexes into the frame. */
export function sortedRows(
  { columns, rowCount }: TableModel,
  sorting: TableSorting | null,
): number[] {
  const rows = Array.from({ length: rowCount }, (_, index) => index);
  const column = columns.find(({ title }) => title === sorting?.title);
  if (column === undefined || sorting === null) return rows;
  const sign = sorting.descending ? -1 : 1;
  const keys = rows.map((row) => sortKey(column, row));
  return rows.sort((a, b) => sign * compare(keys[a] ?? null, keys[b] ?? null));
}

function sortKey({ field, cell }: TableColumn, row: number): number | string | null {
  const value: unknown = field.values[row];
  if (cell === 'trend') return (value as TrendValue | undefined)?.value ?? null;
  return typeof value === 'number'
    ? value
    : value == null
      ? null
      : text(value, JSON.stringify(value));
}

function compare(a: number | string | null, b: number | string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
