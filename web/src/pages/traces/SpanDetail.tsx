// One span in full, beside the waterfall: what it did, what happened during it, and where it leads.
import { ActionIcon, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { JaegerTag } from '@/api/jaeger';
import type { LogRecord } from '@/api/logs';
import { linksOfService, logsWhere, rangeAround, traceLink } from '@/links/signal-links';
import { FieldValue, LinkIcons, LinkMenu } from '@/links/SignalLinks';
import type { Params } from '@/router/href';
import { formatDuration } from '@/time/format-time';
import { Badge } from '@/ui/Badge';
import { CopyButton } from '@/ui/CopyButton';
import { FieldName } from '@/ui/FieldName';
import { Icon } from '@/ui/icons';
import ui from '@/ui/ui.module.css';
import type { Span, Trace } from './trace-model';
import { TraceLogs } from './TraceLogs';
import styles from './traces.module.css';

interface SpanDetailProps {
  trace: Trace;
  span: Span;
  logs: readonly LogRecord[];
  onClose: () => void;
}

export function SpanDetail({ trace, span, logs, onClose }: SpanDetailProps) {
  const range = rangeAround(trace.startUs / 1000, (trace.startUs + trace.durationUs) / 1000);
  const own = logs.filter((record) => record.span_id === span.id);
  return (
    <div className={styles.detail}>
      <SpanHead span={span} range={range} onClose={onClose} />
      <div className={styles.detailBody}>
        {span.warnings.map((warning) => (
          <p key={warning} className={styles.warning}>
            {warning}
          </p>
        ))}
        {own.length > 0 && (
          <Part title={`Logs · ${own.length}`}>
            <TraceLogs records={own} compact />
          </Part>
        )}
        {span.events.length > 0 && <Events span={span} range={range} />}
        <Part title="Tags">
          <TagTable tags={span.tags} range={range} />
        </Part>
        <Part title="Process">
          <TagTable tags={span.processTags} range={range} />
        </Part>
        {span.links.length > 0 && <SpanLinks span={span} />}
        <Part title="Identifiers">
          <TagTable tags={identifiers(trace, span)} range={range} />
        </Part>
      </div>
    </div>
  );
}

interface SpanHeadProps {
  span: Span;
  range: Params;
  onClose: () => void;
}

function SpanHead({ span, range, onClose }: SpanHeadProps) {
  return (
    <header className={styles.detailHead}>
      <div className={styles.detailLine}>
        <strong className="truncate">{span.operation}</strong>
        <span className={styles.detailActions}>
          <LinkIcons links={[logsWhere('span_id', span.id, 'Logs of the span')]} range={range} />
          <Tooltip label="Close (Esc)">
            <ActionIcon size={24} aria-label="Close" onClick={onClose}>
              <Icon name="close" size={15} />
            </ActionIcon>
          </Tooltip>
        </span>
      </div>
      <div className={styles.facts}>
        <LinkMenu links={linksOfService(span.service)} range={range}>
          {span.service}
        </LinkMenu>
        {span.kind !== '' && <span className="muted">{span.kind}</span>}
        <span className="num">{formatDuration(span.durationUs / 1000)}</span>
        <span className="faint">after {formatDuration(span.startUs / 1000)}</span>
        {span.error && <Badge tone="error">error</Badge>}
      </div>
    </header>
  );
}

function Events({ span, range }: { span: Span; range: Params }) {
  return (
    <Part title={`Events · ${span.events.length}`}>
      {span.events.map((event, index) => (
        <details key={index} open={span.events.length <= 2} className={styles.eventEntry}>
          <summary>
            {event.name} <span className="faint">after {formatDuration(event.timeUs / 1000)}</span>
          </summary>
          <TagTable tags={event.tags.filter(({ key }) => key !== 'event')} range={range} />
        </details>
      ))}
    </Part>
  );
}

function SpanLinks({ span }: { span: Span }) {
  return (
    <Part title="Links">
      {span.links.map(({ traceId, spanId, kind }) => (
        <div key={spanId} className={styles.spanLink}>
          <LinkMenu links={[traceLink(traceId, spanId)]}>
            {`${traceId.slice(0, 16)}… / ${spanId}`}
          </LinkMenu>{' '}
          {kind.toLowerCase().replace('_', ' ')}
        </div>
      ))}
    </Part>
  );
}

function identifiers(trace: Trace, span: Span): JaegerTag[] {
  const text = (key: string, value: string) => ({ key, type: 'string', value });
  return [
    text('span_id', span.id),
    text('trace_id', trace.id),
    ...(span.parentId === null ? [] : [text('parent span', span.parentId)]),
  ];
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function TagTable({
  tags,
  range,
}: {
  tags: readonly JaegerTag[];
  range: ReturnType<typeof rangeAround>;
}) {
  if (tags.length === 0) return <p className={styles.none}>none</p>;
  return (
    <table className={ui.keyValue}>
      <tbody>
        {tags.map(({ key, value }, index) => (
          <tr key={`${key} ${index}`} className={styles.tagRow}>
            <td className="mono">
              <FieldName name={key} />
            </td>
            <td className="mono">
              <span className={styles.tagCopy}>
                <CopyButton text={String(value)} />
              </span>
              <FieldValue name={key} value={String(value)} range={range} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
