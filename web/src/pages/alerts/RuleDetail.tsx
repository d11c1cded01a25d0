// One rule beside the list: its expression drawn with its threshold, and each alert with the ways on from it.
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import type { Alert } from '@/api/alertmanager';
import type { Labels, RuleAlert } from '@/api/prometheus';
import { formatNumber } from '@/format/quantity';
import { linksOfService, metricsQuery, rangeAround, type SignalLink } from '@/links/signal-links';
import { LinkIcons } from '@/links/SignalLinks';
import { formatAgo, formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge } from '@/ui/Badge';
import { CopyButton } from '@/ui/CopyButton';
import { Icon } from '@/ui/icons';
import { severityTone } from './alert-tones';
import styles from './alerts.module.css';
import { LabelChips } from './LabelChips';
import { type ListedRule, serviceOf } from './rule-list';
import { RuleChart } from './RuleChart';
import { RuleBadge } from './RulesTab';

interface RuleDetailProps {
  listed: ListedRule;
  /** The same alerts as Alertmanager knows them: silenced or not, and where they go. */
  routed: readonly Alert[];
  onClose: () => void;
  onSilence: (labels: Labels) => void;
  onNotifications: (fingerprint: string) => void;
}

export function RuleDetail({
  listed,
  routed,
  onClose,
  onSilence,
  onNotifications,
}: RuleDetailProps) {
  const { rule } = listed;
  return (
    <div className={styles.detail}>
      <header className={styles.detailHead}>
        <RuleBadge listed={listed} />
        <strong className="truncate">{rule.name}</strong>
        <span className={styles.detailActions}>
          <LinkIcons links={[metricsQuery(rule.query)]} />
          <Tooltip label="Close (Esc)">
            <ActionIcon size={24} aria-label="Close" onClick={onClose}>
              <Icon name="close" size={15} />
            </ActionIcon>
          </Tooltip>
        </span>
      </header>
      <div className={styles.detailBody}>
        <div className={styles.expression}>
          <pre>{rule.query}</pre>
          <CopyButton text={rule.query} />
        </div>
        {rule.duration !== undefined && rule.duration > 0 && (
          <p className={styles.note}>
            must hold for {formatDuration(rule.duration * 1000)} before it fires
          </p>
        )}
        <RuleChart query={rule.query} />
        <Section title="Labels" labels={rule.labels ?? {}} />
        <Section title="Annotations" labels={rule.annotations ?? {}} plain />
        {(rule.alerts ?? []).length > 0 && <h3 className={styles.partTitle}>Alerts</h3>}
        {(rule.alerts ?? []).map((alert) => (
          <ActiveAlert
            key={JSON.stringify(alert.labels)}
            alert={alert}
            query={rule.query}
            routed={routed.find((other) => sameLabels(other.labels, alert.labels))}
            onSilence={() => onSilence(alert.labels)}
            onNotifications={onNotifications}
          />
        ))}
      </div>
    </div>
  );
}

function Section({ title, labels, plain }: { title: string; labels: Labels; plain?: boolean }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <>
      <h3 className={styles.partTitle}>{title}</h3>
      {plain === true ? (
        <dl className={styles.annotations}>
          {entries.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <div className={styles.inset}>
          <LabelChips labels={labels} />
        </div>
      )}
    </>
  );
}

function sameLabels(a: Labels, b: Labels): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

interface ActiveAlertProps {
  alert: RuleAlert;
  query: string;
  routed: Alert | undefined;
  onSilence: () => void;
  onNotifications: (fingerprint: string) => void;
}

function ActiveAlert({ alert, query, routed, onSilence, onNotifications }: ActiveAlertProps) {
  const { resolved } = useTime();
  const activeMs = Date.parse(alert.activeAt);
  const service = serviceOf(alert.labels);
  const links: SignalLink[] = [
    { ...metricsQuery(query), label: 'The expression at that time' },
    ...(service === null ? [] : linksOfService(service)),
  ];
  const text = alert.annotations.summary ?? alert.annotations.description;
  const value = Number(alert.value);
  return (
    <article className={styles.active}>
      <div className={styles.activeHead}>
        <Badge
          tone={alert.state === 'firing' ? severityTone(alert.labels.severity ?? '') : 'debug'}
        >
          {alert.state}
        </Badge>
        <span className="muted">
          since {formatAgo(activeMs, resolved.endMs).replace(' ago', '')}
        </span>
        <span className="num">= {Number.isNaN(value) ? alert.value : formatNumber(value)}</span>
        <span className={styles.detailActions}>
          <LinkIcons links={links} range={rangeAround(activeMs, activeMs, 1_800_000)} />
        </span>
      </div>
      {text !== undefined && <p>{text}</p>}
      <LabelChips labels={alert.labels} />
      <div className={styles.activeFoot}>
        {routed !== undefined && <Routing alert={routed} />}
        {routed !== undefined && (
          <Button size="compact-xs" onClick={() => onNotifications(routed.fingerprint)}>
            Notifications
          </Button>
        )}
        <Button
          size="compact-xs"
          leftSection={<Icon name="silence" size={13} />}
          onClick={onSilence}
        >
          Silence
        </Button>
      </div>
    </article>
  );
}

function Routing({ alert: { status, receivers } }: { alert: Alert }) {
  const names = receivers.map(({ name }) => name).join(', ');
  if (status.silencedBy.length > 0) return <span className="muted">silenced</span>;
  if (status.inhibitedBy.length > 0)
    return <span className="muted">inhibited by another alert</span>;
  return <span className="muted">goes to {names}</span>;
}
