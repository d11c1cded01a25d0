// The Jaeger query API under /jaeger: services, operations, trace search, one trace.
import { get } from './http';

const BASE = '/jaeger/api';

export interface JaegerTag {
  key: string;
  type: string;
  value: string | number | boolean;
}

export interface JaegerLog {
  /** Microseconds since the epoch. */
  timestamp: number;
  fields: JaegerTag[];
}

export interface JaegerReference {
  refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  traceID: string;
  spanID: string;
}

export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references: JaegerReference[];
  /** Microseconds since the epoch. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags: JaegerTag[];
  logs: JaegerLog[];
  processID: string;
  warnings: string[] | null;
}

export interface JaegerProcess {
  serviceName: string;
  tags: JaegerTag[];
}

export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, JaegerProcess>;
  warnings: string[] | null;
}

interface Envelope<T> {
  data: T;
}

export interface TraceSearch {
  service: string;
  operation: string;
  tags: Readonly<Record<string, string>>;
  /** With a unit, as Jaeger reads it: `100ms`, `1.2s`. */
  minDuration: string;
  maxDuration: string;
  startMs: number;
  endMs: number;
  limit: number;
}

export async function services(signal?: AbortSignal): Promise<string[]> {
  const names = (await get<Envelope<string[] | null>>(`${BASE}/services`, { signal })).data;
  return [...(names ?? [])].sort((a, b) => a.localeCompare(b));
}

export async function operations(service: string, signal?: AbortSignal): Promise<string[]> {
  const path = `${BASE}/services/${encodeURIComponent(service)}/operations`;
  const names = (await get<Envelope<string[] | null>>(path, { signal })).data;
  return [...(names ?? [])].sort((a, b) => a.localeCompare(b));
}

export async function searchTraces(
  search: TraceSearch,
  signal?: AbortSignal,
): Promise<JaegerTrace[]> {
  const { tags, startMs, endMs, ...rest } = search;
  const query = {
    ...rest,
    tags: Object.keys(tags).length === 0 ? null : JSON.stringify(tags),
    start: Math.floor(startMs * 1000),
    end: Math.ceil(endMs * 1000),
  };
  return (await get<Envelope<JaegerTrace[]>>(`${BASE}/traces`, { query, signal })).data;
}

/** The trace with this id, or null when no span of it is stored. */
export async function trace(traceId: string, signal?: AbortSignal): Promise<JaegerTrace | null> {
  const path = `${BASE}/traces/${encodeURIComponent(traceId)}`;
  return (await get<Envelope<JaegerTrace[]>>(path, { signal })).data[0] ?? null;
}
