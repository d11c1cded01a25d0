// Queries of panels, and the data sources they name.
import { flag, isObject, type Json, number, text } from '../json';
import type { DatasourceRef, Target, Variable } from '../schema';

/** A data source by name, by reference, or none. */
export function readDatasource(value: unknown): DatasourceRef | null {
  if (typeof value === 'string') return value === '' ? null : { type: null, uid: value };
  if (!isObject(value)) return null;
  const type = text(value.type);
  const uid = text(value.uid);
  return { type: type === '' ? null : type, uid: uid === '' ? null : uid };
}

export function readTarget(raw: Json, index: number): Target {
  const format = text(raw.format);
  return {
    refId: text(raw.refId, String.fromCharCode(65 + (index % 26))),
    expr: text(raw.expr),
    legend: text(raw.legendFormat),
    format: format === 'table' || format === 'heatmap' ? format : 'time_series',
    // A query may ask for both; the range holds the instant's value too.
    instant: flag(raw.instant) && !flag(raw.range),
    interval: text(raw.interval),
    intervalFactor: Math.max(1, number(raw.intervalFactor) ?? 1),
    hidden: flag(raw.hide),
    exemplar: flag(raw.exemplar),
    datasource: readDatasource(raw.datasource),
    panelId: number(raw.panelId),
  };
}

/** Kinds of data sources this server does not stand in for. */
const FOREIGN =
  /loki|elastic|opensearch|jaeger|tempo|zipkin|sql|postgres|influx|cloudwatch|clickhouse|graphite|infinity|testdata|pyroscope|phlare|opentsdb|azure|stackdriver|splunk|datadog|json|csv|logs/i;

export type DatasourceKind =
  | { kind: 'prometheus' }
  /** Another panel of the dashboard. */
  | { kind: 'dashboard' }
  /** Nothing is asked: Grafana's own random data and annotations. */
  | { kind: 'none' }
  | { kind: 'foreign'; type: string };

/** What a query's data source stands for here, where the own metrics take the place of every Prometheus. */
export function datasourceKind(
  target: DatasourceRef | null,
  panel: DatasourceRef | null,
  variables: readonly Variable[],
): DatasourceKind {
  const mixed = panel?.uid === '-- Mixed --' || panel?.uid === 'mixed';
  const ref = target ?? (mixed ? null : panel);
  if (ref === null) return { kind: 'prometheus' };
  if (ref.uid === '-- Dashboard --' || ref.type === '-- Dashboard --') return { kind: 'dashboard' };
  if (ref.uid === '-- Grafana --' || ref.uid === 'grafana' || ref.type === 'datasource')
    return { kind: 'none' };
  if (ref.type !== null) return kindOfType(ref.type);
  const name = /^\$\{?(\w+)/.exec(ref.uid ?? '')?.[1];
  const variable = variables.find((candidate) => candidate.name === name);
  if (variable !== undefined) return kindOfType(variable.query);
  return kindOfType(ref.uid ?? '');
}

function kindOfType(type: string): DatasourceKind {
  if (/prometheus|victoriametrics-metrics|mimir|thanos|cortex/i.test(type))
    return { kind: 'prometheus' };
  return FOREIGN.test(type) ? { kind: 'foreign', type } : { kind: 'prometheus' };
}
