// How every API is asked: JSON over fetch, cancellable, with one error type that keeps the place of a mistake.

/** The part of a query text an error is about: UTF-16 offsets, as JavaScript counts. */
export interface Position {
  start: number;
  end: number;
}

export class ApiError extends Error {
  /** HTTP status; 0 when no answer arrived. */
  readonly status: number;
  readonly hint: string | null;
  readonly position: Position | null;

  constructor(message: string, details: Partial<Pick<ApiError, 'status' | 'hint' | 'position'>>) {
    super(message);
    this.name = 'ApiError';
    this.status = details.status ?? 0;
    this.hint = details.hint ?? null;
    this.position = details.position ?? null;
  }
}

export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>;

export interface RequestOptions {
  query?: Query;
  signal?: AbortSignal;
}

export function get<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return request<T>(withQuery(path, options.query), { signal: options.signal ?? null });
}

/** A query too long for an address, sent as a form; compatible APIs read it like one. */
export function postForm<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { method: 'POST', body: searchParams(query), signal: signal ?? null });
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return request<T>(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...CHANGE },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
}

export function remove<T>(path: string): Promise<T> {
  return request<T>(path, { method: 'DELETE', headers: CHANGE });
}

/** A header no foreign page can send: the server refuses changes without it. */
const CHANGE = { 'X-Sightglass': '1' };

export function withQuery(path: string, query: Query = {}): string {
  const text = searchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}

function searchParams(query: Query): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value == null || value === '') continue;
    if (Array.isArray(value))
      for (const item of value as readonly string[]) params.append(name, item);
    else params.set(name, String(value));
  }
  return params;
}

async function request<T>(address: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('the server does not answer', {
      hint: 'Is it still running? The page asks again with the next refresh.',
    });
  }
  const text = await response.text();
  if (!response.ok) throw errorFrom(response.status, text);
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    const path = address.split('?')[0] ?? address;
    throw new ApiError(`${path} answered something that is not JSON`, { status: response.status });
  }
}

/** Understands the error bodies of the native, Prometheus, Jaeger and Alertmanager APIs. */
export function errorFrom(status: number, text: string): ApiError {
  const body = parseObject(text);
  if (body === null)
    return new ApiError(text.trim() || `the server answered ${status}`, { status });
  const native = objectOf(body.error);
  if (native !== null) {
    return new ApiError(stringOf(native.message) ?? `the server answered ${status}`, {
      status,
      hint: stringOf(native.hint),
      position: positionOf(native.position),
    });
  }
  const first = Array.isArray(body.errors) ? objectOf(body.errors[0]) : null;
  const message = stringOf(body.error) ?? stringOf(first?.msg) ?? stringOf(body.message) ?? null;
  return new ApiError(message ?? `the server answered ${status}`, {
    status,
    position: positionOf(body.position),
  });
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? { error: value } : objectOf(value);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function positionOf(value: unknown): Position | null {
  const object = objectOf(value);
  const start = object?.start;
  const end = object?.end;
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null;
}
