// The logs page: query, filters, histogram, fields, records, and one record beside.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { logFields, type LogFilter, type LogRecord } from '@/api/logs';
import { usePageTitle } from '@/app/page-title';
import { useShortcuts } from '@/app/shortcuts';
import { focusQuery } from '@/editors/LazyEditor';
import { useUrlState } from '@/router/url-state';
import { LIVE } from '@/time/refresh';
import { useTime } from '@/time/TimeContext';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { QueryProgress } from '@/ui/QueryProgress';
import { SkeletonRows } from '@/ui/Skeleton';
import { SplitPane } from '@/ui/SplitPane';
import { FieldSidebar } from './FieldSidebar';
import { FilterPills } from './FilterPills';
import { LiveBar } from './LiveBar';
import { addFilter, logCodec, queryOf } from './log-state';
import { LogDetail } from './LogDetail';
import { LogHistogram } from './LogHistogram';
import { LogQueryBar } from './LogQueryBar';
import styles from './logs.module.css';
import { LogTable } from './LogTable';
import { useLiveTail } from './use-live-tail';
import { useFrozenRange, useLogSearch } from './use-log-search';

const DEFAULT_COLUMNS: readonly string[] = ['service', 'message'];

export default function LogsPage() {
  usePageTitle([{ text: 'Logs' }]);
  const [state, setState] = useUrlState(logCodec);
  const { resolved, refresh } = useTime();
  const live = refresh.name === LIVE.name;
  const query = useMemo(() => queryOf(state, resolved), [state, resolved]);
  const fields = useQuery({
    queryKey: ['logs', 'fields', query],
    queryFn: ({ signal }) => logFields(query, signal),
  });
  const addToFilters = useCallback(
    (filter: LogFilter) => setState((before) => ({ filters: addFilter(before.filters, filter) })),
    [setState],
  );
  const toggleColumn = useCallback(
    (field: string) =>
      setState((before) => ({
        columns: toggled(before.columns.length > 0 ? before.columns : DEFAULT_COLUMNS, field),
      })),
    [setState],
  );
  const onQuery = useCallback(
    (text: string, final: boolean) => setState({ query: text, open: null }, { replace: !final }),
    [setState],
  );
  const fieldNames = useMemo(
    () => fields.data?.fields.map(({ name }) => name) ?? [],
    [fields.data],
  );
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <LogQueryBar
          query={state.query}
          language={state.language}
          error={fields.error}
          onQuery={onQuery}
          onLanguage={(language) => setState({ language })}
        />
        <FilterPills
          filters={state.filters}
          pinned={state.pinned}
          fields={fieldNames}
          onChange={setState}
        />
      </div>
      <div className={styles.middle}>
        <FieldSidebar
          query={query}
          data={fields.data}
          stale={fields.isPlaceholderData || fields.error !== null}
          columns={state.columns.length > 0 ? state.columns : DEFAULT_COLUMNS}
          onColumn={toggleColumn}
          onFilter={addToFilters}
        />
        <Results
          {...{ state, setState, live, query, addToFilters, toggleColumn }}
          columns={state.columns.length > 0 ? state.columns : DEFAULT_COLUMNS}
        />
      </div>
    </div>
  );
}

function toggled(columns: readonly string[], field: string): string[] {
  return columns.includes(field) ? columns.filter((other) => other !== field) : [...columns, field];
}

type PageState = ReturnType<typeof useUrlState<Parameters<typeof queryOf>[0]>>;

interface ResultsProps {
  state: PageState[0];
  setState: PageState[1];
  live: boolean;
  query: ReturnType<typeof queryOf>;
  columns: readonly string[];
  addToFilters: (filter: LogFilter) => void;
  toggleColumn: (field: string) => void;
}

function Results({
  state,
  setState,
  live,
  query,
  columns,
  addToFilters,
  toggleColumn,
}: ResultsProps) {
  const { resolved } = useTime();
  const range = useFrozenRange(live, resolved);
  const search = useLogSearch(useMemo(() => queryOf(state, range), [state, range]));
  const { tail, setPaused } = useLiveTail(query, live);
  const records = useMemo(
    () => joinTail(tail.records, search.records),
    [tail.records, search.records],
  );
  const opened = useOpened(records, state.open, (record) =>
    setState({ open: record?.cursor ?? null }, { replace: state.open !== null }),
  );
  const side =
    opened.record === null ? null : (
      <LogDetail
        record={opened.record}
        tab={state.detail}
        columns={columns}
        onTab={(detail) => setState({ detail }, { replace: true })}
        onClose={() => setState({ open: null })}
        onFilter={addToFilters}
        onColumn={toggleColumn}
      />
    );
  return (
    <SplitPane name="logs" side={side}>
      <LogHistogram
        query={query}
        onSeverity={(value) => addToFilters({ field: 'severity', op: 'is', value })}
      />
      {live && <LiveBar tail={tail} onPause={setPaused} />}
      {search.error !== null && (
        <div className={styles.error}>
          <ErrorNotice error={search.error} query={state.query} />
        </div>
      )}
      <Progress running={search.loading || (search.stale && search.error === null)} />
      {search.loading && <SkeletonRows rows={18} />}
      {!search.loading && records.length === 0 && search.error === null && (
        <NoRecords filtered={isFiltered(state)} />
      )}
      {records.length > 0 && (
        <LogTable
          records={records}
          columns={columns}
          open={state.open}
          marked={opened.marked}
          stale={search.stale}
          onOpen={opened.open}
          onEnd={search.loadMore}
          onRemoveColumn={toggleColumn}
        />
      )}
    </SplitPane>
  );
}

function Progress({ running }: { running: boolean }) {
  const client = useQueryClient();
  return (
    <div className={styles.progress}>
      <QueryProgress
        running={running}
        onStop={() => void client.cancelQueries({ queryKey: ['logs'] })}
      />
    </div>
  );
}

function joinTail(tail: readonly LogRecord[], found: readonly LogRecord[]): readonly LogRecord[] {
  if (tail.length === 0) return found;
  const seen = new Set(tail.map(({ cursor }) => cursor));
  return [...tail, ...found.filter(({ cursor }) => !seen.has(cursor))];
}

function isFiltered({ query, filters, pinned }: PageState[0]): boolean {
  return query !== '' || filters.length > 0 || pinned.length > 0;
}

/** The record beside, and walking through the records by keyboard. */
function useOpened(
  records: readonly LogRecord[],
  cursor: string | null,
  show: (record: LogRecord | null) => void,
) {
  const [moved, setMoved] = useState(-1);
  const at = cursor === null ? -1 : records.findIndex((record) => record.cursor === cursor);
  const marked = at >= 0 ? at : moved;
  const [kept, setKept] = useState<LogRecord | null>(null);
  const found = records[at] ?? (kept?.cursor === cursor ? kept : null);
  const open = (record: LogRecord) => {
    setKept(record);
    show(record.cursor === cursor ? null : record);
  };
  const move = (step: number) => {
    const next = Math.min(Math.max(0, marked + step), records.length - 1);
    setMoved(next);
    const record = records[next];
    if (cursor !== null && record !== undefined) open(record);
  };
  useShortcuts([
    { key: '/', description: 'Write the query', run: focusQuery },
    { key: 'j', description: 'Next record', run: () => move(1) },
    { key: 'k', description: 'Record before', run: () => move(-1) },
    {
      key: 'Enter',
      description: 'Open the marked record',
      run: () => {
        const record = records[marked];
        if (record !== undefined) open(record);
      },
    },
    { key: 'Escape', description: 'Close the record', run: () => show(null) },
  ]);
  return { record: found, marked: cursor === null ? moved : at, open };
}

function NoRecords({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon="logs" title="Nothing in this range fits">
        Widen the time range, or take a filter away. The fields on the left show what there is.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="logs"
      title="No logs in this range"
      command={`curl -H 'Content-Type: application/json' 'http://127.0.0.1:7300/elasticsearch/app/_doc' -d '{"message":"hello","level":"info"}'`}
    >
      Logs arrive by OTLP, Fluentd forward or Elasticsearch bulk. This sends one; sightglass demo
      sends those of a small shop.
    </EmptyState>
  );
}
