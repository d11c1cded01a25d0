// One record in full, beside the table: its fields, its JSON, and what was logged around it.
import { ActionIcon, Tooltip } from '@mantine/core';
import type { LogFilter, LogRecord } from '@/api/logs';
import { logsWhere, rangeAround, traceLink } from '@/links/signal-links';
import { FieldValue, LinkIcons } from '@/links/SignalLinks';
import { formatNanoseconds, millisecondsOf } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge, type Tone } from '@/ui/Badge';
import { CopyButton } from '@/ui/CopyButton';
import { FieldName } from '@/ui/FieldName';
import { Icon } from '@/ui/icons';
import { Tabs } from '@/ui/Tabs';
import ui from '@/ui/ui.module.css';
import { FilterButtons } from './FieldSidebar';
import type { LogState } from './log-state';
import styles from './logs.module.css';
import { fieldEntries, severityText } from './record-text';
import { Surroundings } from './Surroundings';

interface LogDetailProps {
  record: LogRecord;
  tab: LogState['detail'];
  columns: readonly string[];
  onTab: (tab: LogState['detail']) => void;
  onClose: () => void;
  onFilter: (filter: LogFilter) => void;
  onColumn: (field: string) => void;
}

const TABS = [
  { id: 'fields', title: 'Fields' },
  { id: 'json', title: 'JSON' },
  { id: 'around', title: 'Surroundings' },
] as const;

export function LogDetail({
  record,
  tab,
  columns,
  onTab,
  onClose,
  onFilter,
  onColumn,
}: LogDetailProps) {
  const { zone } = useTime();
  return (
    <div className={styles.detail}>
      <header className={styles.detailHead}>
        <div className={styles.detailLine}>
          <Badge tone={severityBadge(record.severity)}>
            {severityText(record.severity) || 'NONE'}
          </Badge>
          <span className="num">{formatNanoseconds(record.time_ns, zone)}</span>
          <span className={styles.detailActions}>
            <LinkIcons links={recordLinks(record)} range={aroundRecord(record)} />
            <Tooltip label="Close (Esc)">
              <ActionIcon size={24} aria-label="Close" onClick={onClose}>
                <Icon name="close" size={15} />
              </ActionIcon>
            </Tooltip>
          </span>
        </div>
        <p className={styles.detailMessage}>{record.message}</p>
      </header>
      <Tabs tabs={TABS} active={tab} onSelect={onTab} />
      <div className={styles.detailBody}>
        {tab === 'fields' && (
          <FieldTable record={record} columns={columns} onFilter={onFilter} onColumn={onColumn} />
        )}
        {tab === 'json' && <RecordJson record={record} />}
        {tab === 'around' && <Surroundings key={record.cursor} record={record} />}
      </div>
    </div>
  );
}

const BADGES: Readonly<Record<string, Tone>> = {
  error: 'error',
  fatal: 'error',
  critical: 'error',
  warning: 'warning',
  warn: 'warning',
  info: 'info',
};

function severityBadge(severity: string): Tone {
  return BADGES[severity.toLowerCase()] ?? 'debug';
}

function aroundRecord(record: LogRecord) {
  const ms = millisecondsOf(record.time_ns);
  return rangeAround(ms, ms);
}

function recordLinks(record: LogRecord) {
  return record.trace_id === null
    ? []
    : [
        traceLink(record.trace_id, record.span_id),
        logsWhere('trace_id', record.trace_id, 'Logs of the trace'),
      ];
}

function FieldTable({
  record,
  columns,
  onFilter,
  onColumn,
}: Pick<LogDetailProps, 'record' | 'columns' | 'onFilter' | 'onColumn'>) {
  const range = aroundRecord(record);
  return (
    <table className={ui.keyValue}>
      <tbody>
        {fieldEntries(record).map(([name, value]) => (
          <tr key={name} className={styles.fieldEntry}>
            <td className="mono">
              <FieldName name={name} />
            </td>
            <td className="mono">
              <span className={styles.entryActions}>
                <FilterButtons
                  text={value}
                  onFilter={(op) => onFilter({ field: name, op, value })}
                />
                <ActionIcon
                  size={20}
                  title={columns.includes(name) ? 'Remove the column' : 'Show as a column'}
                  aria-label={`Column ${name}`}
                  onClick={() => onColumn(name)}
                >
                  <Icon name="columns" size={13} />
                </ActionIcon>
                <CopyButton text={value} />
              </span>
              <FieldValue name={name} value={value} range={range} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RecordJson({ record }: { record: LogRecord }) {
  const text = JSON.stringify({ ...record, cursor: undefined }, null, 2);
  return (
    <div className={styles.json}>
      <span className={styles.jsonCopy}>
        <CopyButton text={text} />
      </span>
      <pre>{text}</pre>
    </div>
  );
}
