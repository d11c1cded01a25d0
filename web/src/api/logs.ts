// The native log API: search, histogram, fields, top values, surroundings and the live tail.
import { post, withQuery } from './http';

export type Language = 'kql' | 'lucene';

export interface LogFilter {
  field: string;
  op: 'is' | 'is_not' | 'exists' | 'not_exists';
  value?: string;
  disabled?: boolean;
}

export interface LogQuery {
  query: string;
  language: Language;
  filters: readonly LogFilter[];
  start_ms: number;
  end_ms: number;
}

export type FieldValue = string | number | boolean | null | readonly unknown[] | object;

export interface LogRecord {
  cursor: string;
  time_ns: string;
  severity: string;
  message: string;
  service: string;
  stream: string;
  trace_id: string | null;
  span_id: string | null;
  fields: Readonly<Record<string, FieldValue>>;
}

export interface LogPage {
  records: LogRecord[];
  next: string | null;
  took_ms: number;
}

export interface LogHistogram {
  interval_ms: number;
  start_ms: number;
  end_ms: number;
  total: number;
  buckets: { start_ms: number; counts: Record<string, number> }[];
  took_ms: number;
}

export interface LogField {
  name: string;
  kind: 'text' | 'number' | 'bool' | 'time' | 'mixed';
  count: number;
}

export interface LogFields {
  fields: LogField[];
  total: number;
  took_ms: number;
}

export interface FieldValues {
  values: { value: FieldValue; count: number }[];
  took_ms: number;
}

export interface Surroundings {
  records: LogRecord[];
  anchor: string;
}

export function searchLogs(
  query: LogQuery,
  page: { order: 'newest' | 'oldest'; after: string | null; limit: number },
  signal?: AbortSignal,
): Promise<LogPage> {
  return post('/api/logs/search', { ...query, ...page }, signal);
}

export function logHistogram(query: LogQuery, signal?: AbortSignal): Promise<LogHistogram> {
  return post('/api/logs/histogram', { ...query, by: 'severity' }, signal);
}

export function logFields(query: LogQuery, signal?: AbortSignal): Promise<LogFields> {
  return post('/api/logs/fields', query, signal);
}

export function logValues(
  query: LogQuery,
  field: string,
  limit: number,
  signal?: AbortSignal,
): Promise<FieldValues> {
  return post('/api/logs/values', { ...query, field, limit }, signal);
}

export function logSurroundings(
  request: { cursor: string; before: number; after: number; filters: readonly LogFilter[] },
  signal?: AbortSignal,
): Promise<Surroundings> {
  return post('/api/logs/surroundings', request, signal);
}

export interface TailHandlers {
  onRecord: (record: LogRecord) => void;
  onLagged: (missed: number) => void;
  onState: (state: 'open' | 'lost') => void;
}

/** Follows new records until the returned function is called; the browser reconnects by itself. */
export function tailLogs(
  query: Pick<LogQuery, 'query' | 'language' | 'filters'>,
  handlers: TailHandlers,
): () => void {
  const filters = JSON.stringify(query.filters);
  const address = withQuery('/api/logs/tail', { ...query, filters });
  const source = new EventSource(address);
  source.addEventListener('open', () => handlers.onState('open'));
  source.addEventListener('error', () => handlers.onState('lost'));
  source.addEventListener('record', (event: MessageEvent<string>) =>
    handlers.onRecord(JSON.parse(event.data) as LogRecord),
  );
  source.addEventListener('lagged', (event: MessageEvent<string>) =>
    handlers.onLagged((JSON.parse(event.data) as { missed: number }).missed),
  );
  return () => source.close();
}
