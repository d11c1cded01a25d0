// One cell of a table: its text, colour, bar or course, and where it leads.
import { Sparkline } from '@/charts/Sparkline';
import { type Scheme, withAlpha } from '@/charts/palette';
import { DataLink } from '../DataLink';
import { displayText, displayValue } from '../grafana/display';
import type { TrendValue } from '../grafana/time-series-table';
import { flag, objects, text } from '../json';
import { type LinkValue, resolveHref, type ResolvedLink, withValue } from '../links';
import { isExternal } from '@/ui/safe-href';
import styles from './panels.module.css';
import type { TableColumn } from './table-model';

interface TableCellProps {
  column: TableColumn;
  columns: readonly TableColumn[];
  row: number;
  interpolate: (text: string) => string;
  scheme: Scheme;
}

export function TableCell({ column, columns, row, interpolate }: TableCellProps) {
  const { field, cell, align } = column;
  const value: unknown = field.values[row];
  if (cell === 'trend')
    return <TrendCell trend={value as TrendValue | undefined} column={column} />;
  const display = displayValue(field, value);
  const shown = cell === 'json' ? JSON.stringify(value) : displayText(display);
  const link = linkOf(column, columns, row, shown, interpolate);
  const color = display.color ?? 'var(--text)';
  return (
    <div
      role="cell"
      className={styles.tableCell}
      data-align={align}
      title={shown}
      style={{
        color: cell === 'color-text' ? color : undefined,
        background: cell === 'color-background' ? withAlpha(color, 0.75) : undefined,
      }}
    >
      {cell === 'gauge' && <CellBar share={display.percent ?? 0} color={color} />}
      <span className="truncate">
        {link === null ? shown : <DataLink link={link}>{shown}</DataLink>}
      </span>
    </div>
  );
}

function CellBar({ share, color }: { share: number; color: string }) {
  return (
    <span className={styles.cellBar}>
      <span style={{ width: `${100 * Math.min(1, Math.max(0, share))}%`, background: color }} />
    </span>
  );
}

function TrendCell({ trend, column }: { trend: TrendValue | undefined; column: TableColumn }) {
  if (trend === undefined) return <div role="cell" />;
  const display = displayValue(column.field, trend.value);
  return (
    <div role="cell" className={styles.tableCell} data-align="right">
      <Sparkline
        values={trend.values}
        width={110}
        height={22}
        color={display.color}
        label={column.title}
      />
      <span className="num">{displayText(display)}</span>
    </div>
  );
}

function linkOf(
  { field, title }: TableColumn,
  columns: readonly TableColumn[],
  row: number,
  shown: string,
  interpolate: (text: string) => string,
): ResolvedLink | null {
  const [link] = objects(field.config.links);
  if (link === undefined) return null;
  const raw: unknown = field.values[row];
  const value: LinkValue = {
    raw: text(raw, shown),
    text: shown,
    numeric: typeof raw === 'number' ? String(raw) : '',
    timeMs: '',
    fieldName: title,
    labels: field.labels ?? {},
    row: columns.flatMap((other) => {
      const cellText = displayText(displayValue(other.field, other.field.values[row]));
      // A column is known by the name it had as well as by the one it was given.
      return [
        { name: other.title, text: cellText },
        ...(other.field.name === other.title ? [] : [{ name: other.field.name, text: cellText }]),
      ];
    }),
  };
  const href = resolveHref(interpolate(withValue(text(link.url), value)));
  if (href === null) return null;
  return {
    title: interpolate(text(link.title, 'Details')),
    href,
    external: isExternal(href),
    newTab: flag(link.targetBlank),
  };
}
