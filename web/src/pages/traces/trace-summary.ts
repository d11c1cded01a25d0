// A found trace as a row and as a point.
import type { JaegerTrace } from '@/api/jaeger';
import { buildTrace, type Trace } from './trace-model';

export interface TraceSummary {
  id: string;
  service: string;
  operation: string;
  startMs: number;
  durationMs: number;
  spanCount: number;
  errors: number;
  services: Trace['services'];
}

export function summarise(raw: JaegerTrace): TraceSummary {
  const trace = buildTrace(raw);
  const root = trace.spans[0];
  return {
    id: trace.id,
    service: root?.service ?? '',
    operation: root?.operation ?? '',
    startMs: trace.startUs / 1000,
    durationMs: trace.durationUs / 1000,
    spanCount: trace.spans.length,
    errors: trace.errors,
    services: trace.services,
  };
}
