// A trace as the pages draw it: a tree of spans in time, with services, errors and the critical path.
import type { JaegerSpan, JaegerTag, JaegerTrace } from '@/api/jaeger';

export interface Span {
  id: string;
  parentId: string | null;
  operation: string;
  service: string;
  kind: string;
  /** Microseconds since the trace's start. */
  startUs: number;
  durationUs: number;
  depth: number;
  childCount: number;
  /** Spans below this one, at any depth. */
  descendants: number;
  error: boolean;
  /** Events with their time since the trace's start. */
  events: readonly { timeUs: number; name: string; tags: readonly JaegerTag[] }[];
  tags: readonly JaegerTag[];
  processTags: readonly JaegerTag[];
  /** References other than to the parent: links to other spans and traces. */
  links: readonly { traceId: string; spanId: string; kind: string }[];
  warnings: readonly string[];
}

export interface Trace {
  id: string;
  startUs: number;
  durationUs: number;
  /** Depth first, children by start: the order of the waterfall. */
  spans: readonly Span[];
  services: readonly { name: string; spans: number; errors: number }[];
  errors: number;
  depth: number;
}

/** Tags repeat between conventions; these are read from whichever is there. */
export function tagText(tags: readonly JaegerTag[], key: string): string | null {
  const tag = tags.find((candidate) => candidate.key === key);
  return tag === undefined ? null : String(tag.value);
}

function isError(span: JaegerSpan): boolean {
  return (
    tagText(span.tags, 'error') === 'true' ||
    tagText(span.tags, 'otel.status_code') === 'ERROR' ||
    tagText(span.tags, 'otel.status_code') === 'STATUS_CODE_ERROR'
  );
}

function parentOf(span: JaegerSpan): string | null {
  const parent =
    span.references.find((ref) => ref.refType === 'CHILD_OF' && ref.traceID === span.traceID) ??
    span.references.find((ref) => ref.traceID === span.traceID);
  return parent?.spanID ?? null;
}

export function buildTrace(raw: JaegerTrace): Trace {
  const spans = uniqueSpans(raw.spans);
  const startUs = Math.min(...spans.map((span) => span.startTime));
  const endUs = Math.max(...spans.map((span) => span.startTime + span.duration));
  const ordered = orderSpans(raw, spans, startUs);
  return {
    id: raw.traceID,
    startUs: Number.isFinite(startUs) ? startUs : 0,
    durationUs: Number.isFinite(endUs) ? endUs - startUs : 0,
    spans: ordered,
    services: countServices(ordered),
    errors: ordered.filter((span) => span.error).length,
    depth: Math.max(0, ...ordered.map((span) => span.depth + 1)),
  };
}

/** A span that was delivered twice is shown once. */
function uniqueSpans(spans: readonly JaegerSpan[]): JaegerSpan[] {
  return [...new Map(spans.map((span) => [span.spanID, span])).values()];
}

/** Walks the tree with a stack of its own: a trace may be deeper than the call stack. */
function orderSpans(raw: JaegerTrace, spans: readonly JaegerSpan[], traceStartUs: number): Span[] {
  const known = new Set(spans.map((span) => span.spanID));
  const children = new Map<string | null, JaegerSpan[]>();
  for (const span of spans) {
    const parent = parentOf(span);
    // A parent that was never stored, or the span itself, cannot hold it.
    const key = parent !== null && known.has(parent) && parent !== span.spanID ? parent : null;
    children.set(key, [...(children.get(key) ?? []), span]);
  }
  for (const list of children.values())
    list.sort((a, b) => a.startTime - b.startTime || b.duration - a.duration);
  const ordered: Span[] = [];
  const seen = new Set<string>();
  const walk = (roots: readonly JaegerSpan[]) => {
    const stack = [...roots].reverse().map((span) => ({ span, depth: 0 }));
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (seen.has(next.span.spanID)) continue;
      seen.add(next.span.spanID);
      const below = children.get(next.span.spanID) ?? [];
      ordered.push(toSpan(raw, next.span, next.depth, below.length, traceStartUs));
      for (const child of [...below].reverse()) stack.push({ span: child, depth: next.depth + 1 });
    }
  };
  walk(children.get(null) ?? []);
  // Spans that name each other as parents hang on no root; they are shown all the same.
  walk(spans.filter((span) => !seen.has(span.spanID)));
  return withDescendants(ordered);
}

function toSpan(
  raw: JaegerTrace,
  span: JaegerSpan,
  depth: number,
  childCount: number,
  traceStartUs: number,
): Span {
  const process = raw.processes[span.processID];
  const parentId = parentOf(span);
  return {
    id: span.spanID,
    parentId,
    operation: span.operationName,
    service: process?.serviceName ?? 'unknown service',
    kind: tagText(span.tags, 'span.kind') ?? '',
    startUs: span.startTime - traceStartUs,
    durationUs: span.duration,
    depth,
    childCount,
    descendants: 0,
    error: isError(span),
    events: span.logs.map((log) => ({
      timeUs: log.timestamp - traceStartUs,
      name: tagText(log.fields, 'event') ?? tagText(log.fields, 'message') ?? 'event',
      tags: log.fields,
    })),
    tags: span.tags,
    processTags: process?.tags ?? [],
    links: span.references
      .filter((ref) => ref.traceID !== span.traceID || ref.spanID !== parentId)
      .map((ref) => ({ traceId: ref.traceID, spanId: ref.spanID, kind: ref.refType })),
    warnings: span.warnings ?? [],
  };
}

/** In depth-first order the descendants of a span are the deeper ones right behind it. */
function withDescendants(spans: Span[]): Span[] {
  const open: number[] = [];
  const counts = new Array<number>(spans.length).fill(0);
  spans.forEach((span, index) => {
    while (open.length > 0 && (spans[open.at(-1) ?? 0]?.depth ?? 0) >= span.depth) open.pop();
    for (const ancestor of open) counts[ancestor] = (counts[ancestor] ?? 0) + 1;
    open.push(index);
  });
  return spans.map((span, index) => ({ ...span, descendants: counts[index] ?? 0 }));
}

/** In the order the trace reached them. */
function countServices(spans: readonly Span[]): Trace['services'] {
  const services = new Map<string, { name: string; spans: number; errors: number }>();
  for (const { service, error } of spans) {
    const entry = services.get(service) ?? { name: service, spans: 0, errors: 0 };
    entry.spans++;
    if (error) entry.errors++;
    services.set(service, entry);
  }
  return [...services.values()];
}

/** The spans in sight when those in `collapsed` hide what is below them. */
export function visibleSpans(spans: readonly Span[], collapsed: ReadonlySet<string>): Span[] {
  const visible: Span[] = [];
  for (let index = 0; index < spans.length; index++) {
    const span = spans[index];
    if (span === undefined) break;
    visible.push(span);
    if (collapsed.has(span.id)) index += span.descendants;
  }
  return visible;
}

/** The spans that contain a text anywhere, or null when there is no text. */
export function findSpans(spans: readonly Span[], text: string): ReadonlySet<string> | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return null;
  const has = (value: unknown) => String(value).toLowerCase().includes(wanted);
  return new Set(
    spans
      .filter(
        (span) =>
          has(span.service) ||
          has(span.operation) ||
          has(span.id) ||
          span.tags.some(({ key, value }) => has(key) || has(value)) ||
          span.events.some(({ name }) => has(name)),
      )
      .map(({ id }) => id),
  );
}
