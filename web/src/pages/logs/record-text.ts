// Fields of log records as text.
import type { FieldValue, LogRecord } from '@/api/logs';

export function valueText(value: FieldValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The text of a column: one of the record's own parts, or a field. */
export function columnText(record: LogRecord, column: string): string {
  switch (column) {
    case 'message':
      return record.message;
    case 'service':
      return record.service;
    case 'severity':
      return record.severity;
    default:
      return valueText(record.fields[column]);
  }
}

const SHORT_SEVERITIES: Readonly<Record<string, string>> = {
  fatal: 'FATAL',
  critical: 'CRIT',
  error: 'ERROR',
  warning: 'WARN',
  warn: 'WARN',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
};

export function severityText(severity: string): string {
  return SHORT_SEVERITIES[severity.toLowerCase()] ?? severity.toUpperCase();
}

/** All fields of a record in the order they are shown: what correlates first, then by name. */
export function fieldEntries(record: LogRecord): [string, string][] {
  const first = ['trace_id', 'span_id', 'request_id', 'user_id'];
  const entries = new Map(
    Object.entries(record.fields).map(([name, value]) => [name, valueText(value)]),
  );
  if (record.trace_id !== null && !entries.has('trace_id'))
    entries.set('trace_id', record.trace_id);
  if (record.span_id !== null && !entries.has('span_id')) entries.set('span_id', record.span_id);
  const rank = (name: string) => {
    const at = first.indexOf(name);
    return at < 0 ? first.length : at;
  };
  return [...entries].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}
