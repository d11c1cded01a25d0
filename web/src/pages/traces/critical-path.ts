// Which spans the end of a trace waited for.
import type { Span } from './trace-model';

export interface Segment {
  startUs: number;
  endUs: number;
}

/**
 * For every span on the critical path, the times during which the trace waited for that span itself.
 * Walks back from each span's end: the child that ended last before the moment was what was waited for;
 * what no child covers is the span's own time. A child that outlives its parent counts up to the parent's end.
 */
export function criticalPath(spans: readonly Span[]): ReadonlyMap<string, readonly Segment[]> {
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    if (span.parentId === null) continue;
    children.set(span.parentId, [...(children.get(span.parentId) ?? []), span]);
  }
  const path = new Map<string, Segment[]>();
  const root = spans[0];
  if (root === undefined) return path;
  const pending = [{ span: root, endUs: root.startUs + root.durationUs }];
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { span } = next;
    if (seen.has(span.id)) continue;
    seen.add(span.id);
    const own: Segment[] = [];
    let cursor = next.endUs;
    const byEnd = [...(children.get(span.id) ?? [])].sort((a, b) => endOf(b) - endOf(a));
    for (const child of byEnd) {
      const childEnd = Math.min(endOf(child), next.endUs);
      if (childEnd > cursor || child.startUs >= cursor) continue;
      if (cursor > childEnd) own.push({ startUs: childEnd, endUs: cursor });
      pending.push({ span: child, endUs: childEnd });
      cursor = Math.max(child.startUs, span.startUs);
    }
    if (cursor > span.startUs) own.push({ startUs: span.startUs, endUs: cursor });
    path.set(span.id, own);
  }
  return path;
}

const endOf = (span: Span) => span.startUs + span.durationUs;
