// The values at the end of the range, with a column for each label.
import { useMemo } from 'react';
import type { Labels, VectorSeries } from '@/api/prometheus';
import { formatNumber } from '@/format/quantity';
import { FieldValue } from '@/links/SignalLinks';
import { type Column, DataTable } from '@/ui/DataTable';
import { fullName } from './series-names';
import type { QueryResult } from './use-metric-queries';
import styles from './metrics.module.css';

interface Row {
  key: string;
  metric: Labels;
  value: string;
}

const MAX_ROWS = 2000;

export function InstantTable({ result }: { result: QueryResult }) {
  const rows = useMemo(() => instantRows(result), [result]);
  const columns = useMemo(() => columnsOf(rows), [rows]);
  if (rows.length === 0) return <p className={styles.none}>No series at this moment.</p>;
  return (
    <>
      <DataTable rows={rows.slice(0, MAX_ROWS)} columns={columns} rowKey={(row) => row.key} />
      {rows.length > MAX_ROWS && (
        <p className={styles.none}>and {rows.length - MAX_ROWS} more rows</p>
      )}
    </>
  );
}

function instantRows({ answer }: QueryResult): Row[] {
  const data = answer?.data;
  if (data === undefined || data.resultType === 'matrix') return [];
  if (data.resultType !== 'vector')
    return [{ key: data.resultType, metric: {}, value: data.result[1] }];
  return data.result.map((series) => ({
    key: fullName(series.metric),
    metric: series.metric,
    value: valueOf(series),
  }));
}

/** A native histogram is shown by what it holds together. */
function valueOf({ value, histogram }: VectorSeries): string {
  if (value !== undefined) return value[1];
  if (histogram === undefined) return '';
  return `${histogram[1].count} values, sum ${histogram[1].sum}`;
}

function columnsOf(rows: readonly Row[]): Column<Row>[] {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.metric)))].sort((a, b) =>
    a === '__name__' ? -1 : b === '__name__' ? 1 : a.localeCompare(b),
  );
  return [
    ...labels.map((label): Column<Row> => ({
      id: label,
      title: label === '__name__' ? 'metric' : label,
      sortBy: (row) => row.metric[label] ?? '',
      cell: (row) => (
        <span className="mono">
          <FieldValue name={label} value={row.metric[label] ?? ''} />
        </span>
      ),
    })),
    {
      id: 'value',
      title: 'Value',
      numeric: true,
      sortBy: (row) => Number(row.value),
      cell: (row) => <span title={formatNumber(Number(row.value), 6)}>{row.value}</span>,
    },
  ];
}
