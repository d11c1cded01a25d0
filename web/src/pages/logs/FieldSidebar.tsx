// The fields of what was found: how many records have each, its top values, and filters by one click.
import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type LogField,
  type LogFields,
  type LogFilter,
  type LogQuery,
  logValues,
} from '@/api/logs';
import { formatCount, formatShare } from '@/format/quantity';
import { Icon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonRows } from '@/ui/Skeleton';
import styles from './logs.module.css';
import { valueText } from './record-text';

interface FieldSidebarProps {
  query: LogQuery;
  data: LogFields | undefined;
  stale: boolean;
  columns: readonly string[];
  onColumn: (field: string) => void;
  onFilter: (filter: LogFilter) => void;
}

const KINDS: Readonly<Record<LogField['kind'], string>> = {
  text: 'Aa',
  number: '12',
  bool: '01',
  time: '⏱',
  mixed: '··',
};

export function FieldSidebar({
  query,
  data,
  stale,
  columns,
  onColumn,
  onFilter,
}: FieldSidebarProps) {
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const fields = (data?.fields ?? []).filter(({ name }) =>
    name.toLowerCase().includes(search.toLowerCase()),
  );
  const chosen = fields.filter(({ name }) => columns.includes(name));
  const others = fields.filter(({ name }) => !columns.includes(name));
  const list = (title: string, entries: readonly LogField[]) =>
    entries.length > 0 && (
      <>
        <h3 className={styles.fieldGroup}>{title}</h3>
        <ul>
          {entries.map((field) => (
            <li key={field.name}>
              <FieldRow
                field={field}
                total={data?.total ?? 0}
                isColumn={columns.includes(field.name)}
                open={open === field.name}
                onOpen={() => setOpen(open === field.name ? null : field.name)}
                onColumn={() => onColumn(field.name)}
              />
              {open === field.name && <TopValues query={query} field={field} onFilter={onFilter} />}
            </li>
          ))}
        </ul>
      </>
    );
  return (
    <aside className={`${styles.sidebar ?? ''} ${stale ? 'stale' : ''}`} aria-label="Fields">
      <div className={styles.fieldSearch}>
        <TextInput
          placeholder="Find a field"
          aria-label="Find a field"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <div className={styles.fieldList}>
        {data === undefined && !stale && <SkeletonRows rows={14} />}
        {list('Columns', chosen)}
        {list(`Fields · ${others.length}`, others)}
      </div>
    </aside>
  );
}

interface FieldRowProps {
  field: LogField;
  total: number;
  isColumn: boolean;
  open: boolean;
  onOpen: () => void;
  onColumn: () => void;
}

function FieldRow({ field, total, isColumn, open, onOpen, onColumn }: FieldRowProps) {
  return (
    <div className={styles.field} data-open={open || undefined}>
      <button type="button" className={styles.fieldName} aria-expanded={open} onClick={onOpen}>
        <span className={styles.kind} title={field.kind}>
          {KINDS[field.kind]}
        </span>
        <span className="mono truncate">{field.name}</span>
      </button>
      <span className={styles.fieldCount} title={`${formatCount(field.count)} records have it`}>
        {total > 0 ? formatShare(Math.min(1, field.count / total)) : ''}
      </span>
      <Tooltip label={isColumn ? 'Remove the column' : 'Show as a column'}>
        <ActionIcon
          size={20}
          className={styles.fieldAction}
          aria-label={`Column ${field.name}`}
          onClick={onColumn}
        >
          <Icon name={isColumn ? 'minus' : 'plus'} size={13} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

const TOP = 10;

interface TopValuesProps {
  query: LogQuery;
  field: LogField;
  onFilter: (filter: LogFilter) => void;
}

function TopValues({ query, field, onFilter }: TopValuesProps) {
  const { data, error, isPending, isPlaceholderData } = useQuery({
    queryKey: ['logs', 'values', field.name, query],
    queryFn: ({ signal }) => logValues(query, field.name, TOP, signal),
  });
  if (error !== null) return <ErrorNotice error={error} />;
  if (isPending) return <SkeletonRows rows={5} height={24} />;
  const sum = Math.max(1, field.count);
  return (
    <ul className={`${styles.values ?? ''} ${isPlaceholderData ? 'stale' : ''}`}>
      {data.values.map(({ value, count }) => {
        const text = valueText(value);
        const filter = (op: 'is' | 'is_not') => onFilter({ field: field.name, op, value: text });
        return (
          <li key={text} className={styles.value}>
            <div className={styles.valueText}>
              <span className="mono truncate" title={text}>
                {text === '' ? '(empty)' : text}
              </span>
              <span className="faint">{formatShare(count / sum)}</span>
            </div>
            <div
              className={styles.valueBar}
              style={{ width: `${Math.min(100, (100 * count) / sum)}%` }}
            />
            <span className={styles.valueActions}>
              <FilterButtons text={text} onFilter={filter} />
            </span>
          </li>
        );
      })}
      {data.values.length === 0 && <li className="faint">No values in this range</li>}
    </ul>
  );
}

export function FilterButtons({
  text,
  onFilter,
}: {
  text: string;
  onFilter: (op: 'is' | 'is_not') => void;
}) {
  return (
    <>
      <ActionIcon
        size={20}
        aria-label={`Only ${text}`}
        title="Only this"
        onClick={() => onFilter('is')}
      >
        <Icon name="plus" size={13} />
      </ActionIcon>
      <ActionIcon
        size={20}
        aria-label={`Without ${text}`}
        title="Without this"
        onClick={() => onFilter('is_not')}
      >
        <Icon name="minus" size={13} />
      </ActionIcon>
    </>
  );
}
