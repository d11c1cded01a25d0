// What fires now, and what is about to.
import { useQuery } from '@tanstack/react-query';
import { type RuleAlert, rules } from '@/api/prometheus';
import { Link } from '@/router/Link';
import { formatAgo } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge } from '@/ui/Badge';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { SkeletonRows } from '@/ui/Skeleton';
import { severityTone } from '@/pages/alerts/alert-tones';
import styles from './home.module.css';

const MAX_SHOWN = 8;

export function AlertsPanel() {
  const { resolved } = useTime();
  const { data, error, isPending } = useQuery({
    queryKey: ['rules', resolved.endMs],
    queryFn: ({ signal }) => rules(signal),
  });
  const alerts = (data ?? [])
    .flatMap((group) => group.rules)
    .flatMap((rule) => (rule.alerts ?? []).map((alert) => ({ name: rule.name, alert })))
    .sort(
      (a, b) =>
        stateRank(a.alert) - stateRank(b.alert) || b.alert.activeAt.localeCompare(a.alert.activeAt),
    );
  const firing = alerts.filter(({ alert }) => alert.state === 'firing').length;
  const anyRules = (data ?? []).some((group) => group.rules.length > 0);
  return (
    <Panel
      title={firing === 0 ? 'Alerts' : `${firing} firing`}
      aside={
        <Link to="/alerts" className="link">
          All rules
        </Link>
      }
    >
      {error !== null && <ErrorNotice error={error} />}
      {isPending && <SkeletonRows rows={3} height={40} />}
      {!isPending &&
        error === null &&
        alerts.length === 0 &&
        (anyRules ? (
          <p className={styles.calm}>Nothing fires.</p>
        ) : (
          <EmptyState
            icon="alerts"
            title="No alerting rules yet"
            command="sightglass --prometheus-config prometheus.yml"
          >
            Rule files named in prometheus.yml are evaluated as they are.
          </EmptyState>
        ))}
      <ul>
        {alerts.slice(0, MAX_SHOWN).map(({ name, alert }) => (
          <AlertRow key={JSON.stringify(alert.labels)} name={name} alert={alert} />
        ))}
      </ul>
      {alerts.length > MAX_SHOWN && (
        <p className={styles.more}>and {alerts.length - MAX_SHOWN} more</p>
      )}
    </Panel>
  );
}

const stateRank = (alert: RuleAlert) => (alert.state === 'firing' ? 0 : 1);

function AlertRow({ name, alert }: { name: string; alert: RuleAlert }) {
  const { resolved } = useTime();
  const severity = alert.labels.severity ?? '';
  const text = alert.annotations.summary ?? alert.annotations.description ?? '';
  return (
    <li>
      <Link to="/alerts" params={{ rule: name }} className={styles.alert}>
        <span className={styles.alertHead}>
          <Badge tone={alert.state === 'firing' ? severityTone(severity) : 'debug'}>
            {alert.state === 'firing' ? severity || 'firing' : 'pending'}
          </Badge>
          <span className={`${styles.alertName ?? ''} truncate`}>{name}</span>
          <span className="faint">{formatAgo(Date.parse(alert.activeAt), resolved.endMs)}</span>
        </span>
        {text !== '' && <span className={styles.alertText}>{text}</span>}
      </Link>
    </li>
  );
}
