// The ways from one signal to another: a service's traces, a trace's logs, a request's everything.
import type { Params } from '@/router/href';
import { encodeFilter } from '@/pages/logs/filter-codec';
import type { IconName } from '@/ui/icons';

export interface SignalLink {
  label: string;
  icon: IconName;
  to: string;
  params?: Params;
}

/** A moment with room around it, as range parameters. */
export function rangeAround(startMs: number, endMs: number, marginMs = 300_000): Params {
  return { from: String(Math.floor(startMs - marginMs)), to: String(Math.ceil(endMs + marginMs)) };
}

export function traceLink(traceId: string, spanId?: string | null): SignalLink {
  const params = spanId == null ? {} : { span: spanId };
  return {
    label: 'Open the trace',
    icon: 'traces',
    to: `/traces/${encodeURIComponent(traceId)}`,
    params,
  };
}

/** Logs whose field has this value. */
export function logsWhere(field: string, value: string, label = 'Show its logs'): SignalLink {
  const filter = encodeFilter({ field, op: 'is', value });
  return { label, icon: 'logs', to: '/logs', params: { f: [filter] } };
}

export function tracesOfService(service: string): SignalLink {
  return { label: 'Traces of the service', icon: 'traces', to: '/traces', params: { service } };
}

export function logsOfService(service: string): SignalLink {
  return logsWhere('service.name', service, 'Logs of the service');
}

/** Rate, errors and duration of a service as the span metrics count them. */
export function metricsOfService(service: string): SignalLink {
  const selector = `service_name=${JSON.stringify(service)},span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"`;
  const calls = `traces_span_metrics_calls_total{${selector}}`;
  const buckets = `traces_span_metrics_duration_seconds_bucket{${selector}}`;
  return {
    label: 'Metrics of the service',
    icon: 'metrics',
    to: '/explore',
    params: {
      expr: [
        `sum by (span_name, status_code) (rate(${calls}[1m]))`,
        `histogram_quantile(0.95, sum by (le, span_name) (rate(${buckets}[1m])))`,
      ],
    },
  };
}

export function dashboardOfService(service: string): SignalLink {
  return {
    label: 'Dashboard of the service',
    icon: 'dashboards',
    to: '/dashboards/sightglass-service',
    params: { 'var-service': service },
  };
}

export function metricsQuery(expression: string): SignalLink {
  return {
    label: 'Open in Metrics',
    icon: 'metrics',
    to: '/explore',
    params: { expr: expression },
  };
}

export function linksOfService(service: string): SignalLink[] {
  return [tracesOfService(service), logsOfService(service), metricsOfService(service)];
}

const SERVICE_FIELDS = new Set(['service', 'service.name', 'service_name', 'serviceName']);
const TRACE_FIELDS = new Set(['trace_id', 'traceId', 'traceID', 'trace.id']);
const SPAN_FIELDS = new Set(['span_id', 'spanId', 'spanID', 'span.id']);
/** Fields by which a request or its place can be followed through logs and traces, and their name there. */
const CORRELATION_FIELDS: ReadonlyMap<string, string> = new Map([
  ['request_id', 'request_id'],
  ['requestId', 'request_id'],
  ['user_id', 'user_id'],
  ['user.id', 'user_id'],
  ['session_id', 'session_id'],
  ['host.name', 'host.name'],
  ['k8s.pod.name', 'k8s.pod.name'],
]);

/** Where a field's value leads, wherever it is shown: in a log record, a span, a label. */
export function linksOfField(name: string, value: string): SignalLink[] {
  if (value === '') return [];
  if (TRACE_FIELDS.has(name))
    return [traceLink(value), logsWhere('trace_id', value, 'Logs of the trace')];
  if (SPAN_FIELDS.has(name)) return [logsWhere('span_id', value, 'Logs of the span')];
  if (SERVICE_FIELDS.has(name)) return linksOfService(value);
  const field = CORRELATION_FIELDS.get(name);
  if (field === undefined) return [];
  return [
    logsWhere(field, value, `Logs with this ${field}`),
    {
      label: `Traces with this ${field}`,
      icon: 'traces',
      to: '/traces',
      params: { tags: `${name}=${quoteLogfmt(value)}` },
    },
  ];
}

export function quoteLogfmt(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
