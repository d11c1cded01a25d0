// The Prometheus HTTP API under /prometheus: queries, metadata, targets and rules.
import { ApiError, get, type Position, postForm } from './http';

const BASE = '/prometheus/api/v1';

export type Labels = Readonly<Record<string, string>>;
/** Seconds since the epoch and the value as text, which may be NaN or ±Inf. */
export type Sample = readonly [number, string];

export interface NativeHistogram {
  count: string;
  sum: string;
}

export interface VectorSeries {
  metric: Labels;
  value?: Sample;
  histogram?: readonly [number, NativeHistogram];
}

export interface MatrixSeries {
  metric: Labels;
  values?: readonly Sample[];
  histograms?: readonly (readonly [number, NativeHistogram])[];
}

export type QueryData =
  | { resultType: 'vector'; result: VectorSeries[] }
  | { resultType: 'matrix'; result: MatrixSeries[] }
  | { resultType: 'scalar' | 'string'; result: Sample };

export interface QueryAnswer {
  data: QueryData;
  warnings: readonly string[];
  infos: readonly string[];
}

export interface ExemplarSeries {
  seriesLabels: Labels;
  exemplars: { labels: Labels; value: string; timestamp: number }[];
}

export interface MetricMetadata {
  type: string;
  help: string;
  unit: string;
}

export interface Target {
  discoveredLabels: Labels;
  labels: Labels;
  scrapePool: string;
  scrapeUrl: string;
  globalUrl: string;
  lastError: string;
  lastScrape: string;
  /** Seconds. */
  lastScrapeDuration: number;
  health: 'up' | 'down' | 'unknown';
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface Targets {
  activeTargets: Target[];
  droppedTargets: { discoveredLabels: Labels }[];
}

export interface RuleAlert {
  labels: Labels;
  annotations: Labels;
  state: 'firing' | 'pending' | 'inactive';
  activeAt: string;
  value: string;
}

export interface Rule {
  type: 'alerting' | 'recording';
  name: string;
  query: string;
  /** How long the expression must hold, in seconds. */
  duration?: number;
  labels?: Labels;
  annotations?: Labels;
  state?: 'firing' | 'pending' | 'inactive';
  health: string;
  lastError?: string;
  lastEvaluation: string;
  evaluationTime: number;
  alerts?: RuleAlert[];
}

export interface RuleGroup {
  name: string;
  file: string;
  interval: number;
  lastEvaluation: string;
  evaluationTime: number;
  rules: Rule[];
}

interface Envelope<T> {
  status: 'success' | 'error';
  data: T;
  warnings?: string[];
  infos?: string[];
}

/** Turns the line and column of a parse error into offsets into the query. */
export function withPosition(error: unknown, query: string): unknown {
  if (!(error instanceof ApiError) || error.position !== null) return error;
  const match = /\b(\d+):(\d+): parse error: (.*)$/s.exec(error.message);
  if (match === null) return error;
  const lines = query.split('\n');
  const before = lines
    .slice(0, Number(match[1]) - 1)
    .reduce((sum, line) => sum + line.length + 1, 0);
  const start = Math.min(before + Number(match[2]) - 1, Math.max(0, query.length - 1));
  const token = /^[A-Za-z0-9_:.]+/.exec(query.slice(start))?.[0] ?? '';
  const position: Position = { start, end: start + Math.max(1, token.length) };
  return new ApiError(match[3] ?? error.message, { status: error.status, position });
}

async function ask(
  path: string,
  query: string,
  params: Record<string, string | number>,
  signal?: AbortSignal,
): Promise<QueryAnswer> {
  try {
    const answer = await postForm<Envelope<QueryData>>(
      `${BASE}/${path}`,
      { query, ...params },
      signal,
    );
    return { data: answer.data, warnings: answer.warnings ?? [], infos: answer.infos ?? [] };
  } catch (error) {
    throw withPosition(error, query);
  }
}

export function queryInstant(
  query: string,
  timeMs: number,
  signal?: AbortSignal,
): Promise<QueryAnswer> {
  return ask('query', query, { time: timeMs / 1000 }, signal);
}

export function queryRange(
  query: string,
  range: { startMs: number; endMs: number; stepMs: number },
  signal?: AbortSignal,
): Promise<QueryAnswer> {
  const { startMs, endMs, stepMs } = range;
  const params = { start: startMs / 1000, end: endMs / 1000, step: stepMs / 1000 };
  return ask('query_range', query, params, signal);
}

export async function queryExemplars(
  query: string,
  range: { startMs: number; endMs: number },
  signal?: AbortSignal,
): Promise<ExemplarSeries[]> {
  const params = { query, start: range.startMs / 1000, end: range.endMs / 1000 };
  return (await postForm<Envelope<ExemplarSeries[]>>(`${BASE}/query_exemplars`, params, signal))
    .data;
}

interface Selection {
  match?: readonly string[];
  startMs?: number;
  endMs?: number;
  limit?: number;
}

function selectionQuery({ match, startMs, endMs, limit }: Selection) {
  return {
    'match[]': match,
    start: startMs === undefined ? undefined : startMs / 1000,
    end: endMs === undefined ? undefined : endMs / 1000,
    limit,
  };
}

export async function labelNames(selection: Selection, signal?: AbortSignal): Promise<string[]> {
  const options = { query: selectionQuery(selection), signal };
  return (await get<Envelope<string[]>>(`${BASE}/labels`, options)).data;
}

export async function labelValues(
  label: string,
  selection: Selection,
  signal?: AbortSignal,
): Promise<string[]> {
  const options = { query: selectionQuery(selection), signal };
  const path = `${BASE}/label/${encodeURIComponent(label)}/values`;
  return (await get<Envelope<string[]>>(path, options)).data;
}

export async function series(selection: Selection, signal?: AbortSignal): Promise<Labels[]> {
  const query = selectionQuery(selection);
  return (await postForm<Envelope<Labels[]>>(`${BASE}/series`, query, signal)).data;
}

export async function metadata(signal?: AbortSignal): Promise<Record<string, MetricMetadata[]>> {
  const path = `${BASE}/metadata`;
  return (await get<Envelope<Record<string, MetricMetadata[]>>>(path, { signal })).data;
}

export async function targets(signal?: AbortSignal): Promise<Targets> {
  return (await get<Envelope<Targets>>(`${BASE}/targets`, { signal })).data;
}

export async function rules(signal?: AbortSignal): Promise<RuleGroup[]> {
  const answer = await get<Envelope<{ groups: RuleGroup[] }>>(`${BASE}/rules`, { signal });
  return answer.data.groups;
}

export async function formatQuery(query: string): Promise<string> {
  try {
    return (await postForm<Envelope<string>>(`${BASE}/format_query`, { query })).data;
  } catch (error) {
    throw withPosition(error, query);
  }
}
