// All rules by group; what fires comes first.
import { SegmentedControl, TextInput } from '@mantine/core';
import { plural } from '@/format/quantity';
import type { SetUrlState } from '@/router/url-state';
import { formatAgo, formatDuration } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge, type Tone } from '@/ui/Badge';
import { EmptyState } from '@/ui/EmptyState';
import { Panel } from '@/ui/Panel';
import { severityTone } from './alert-tones';
import styles from './alerts.module.css';
import type { AlertsState } from './alerts-state';
import { filterGroups, type ListedGroup, type ListedRule } from './rule-list';

interface RulesTabProps {
  groups: readonly ListedGroup[];
  state: AlertsState;
  setState: SetUrlState<AlertsState>;
}

export function RulesTab({ groups, state, setState }: RulesTabProps) {
  const shown = filterGroups(groups, state);
  if (groups.length === 0) {
    return (
      <EmptyState
        icon="alerts"
        title="No rules are loaded"
        command="sightglass --prometheus-config prometheus.yml"
      >
        Rule files listed under rule_files in prometheus.yml are read as they are, and their alerts
        go where alertmanager.yml says.
      </EmptyState>
    );
  }
  return (
    <>
      <div className={styles.filters}>
        <SegmentedControl
          value={state.only}
          onChange={(only) => setState({ only: only })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'firing', label: 'Firing' },
            { value: 'pending', label: 'Pending' },
            { value: 'broken', label: 'Broken' },
          ]}
        />
        <TextInput
          id="rules-find"
          className={styles.find}
          placeholder="Find by name, expression or label   ( / )"
          aria-label="Find a rule"
          value={state.find}
          onChange={(event) => setState({ find: event.currentTarget.value }, { replace: true })}
        />
      </div>
      {shown.length === 0 && <EmptyState icon="check" title="No rule is like that" />}
      {shown.map(({ group, rules }) => (
        <Panel
          key={`${group.file} ${group.name}`}
          title={group.name}
          aside={
            <span title={group.file}>
              every {formatDuration(group.interval * 1000)} · {group.file.split('/').at(-1)}
            </span>
          }
        >
          <ul className={styles.rules}>
            {rules.map((rule) => (
              <RuleRow
                key={rule.id}
                listed={rule}
                open={state.rule === rule.id}
                onOpen={() => setState({ rule: state.rule === rule.id ? null : rule.id })}
              />
            ))}
          </ul>
        </Panel>
      ))}
    </>
  );
}

interface RuleRowProps {
  listed: ListedRule;
  open: boolean;
  onOpen: () => void;
}

function RuleRow({ listed, open, onOpen }: RuleRowProps) {
  const { resolved } = useTime();
  const { rule } = listed;
  const severity = rule.labels?.severity ?? '';
  return (
    <li>
      <button type="button" className={styles.rule} aria-pressed={open} onClick={onOpen}>
        <span className={styles.ruleState}>
          <RuleBadge listed={listed} />
        </span>
        <span className={styles.ruleName}>{rule.name}</span>
        <code className={`${styles.ruleQuery ?? ''} truncate`}>{rule.query}</code>
        <span className="muted">{severity}</span>
        <span className={`${styles.ruleTime ?? ''} faint num`}>
          {formatAgo(Date.parse(rule.lastEvaluation), resolved.endMs)}
        </span>
      </button>
      {rule.health === 'err' && (
        <p className={styles.ruleError}>{rule.lastError ?? 'its last evaluation failed'}</p>
      )}
    </li>
  );
}

export function RuleBadge({ listed: { rule, firing, pending } }: { listed: ListedRule }) {
  const [tone, text] = badgeOf(
    rule.type,
    rule.health,
    firing,
    pending,
    rule.labels?.severity ?? '',
  );
  return <Badge tone={tone}>{text}</Badge>;
}

function badgeOf(
  type: string,
  health: string,
  firing: number,
  pending: number,
  severity: string,
): [Tone, string] {
  if (health === 'err') return ['error', 'broken'];
  if (firing > 0) return [severityTone(severity), plural(firing, 'firing', 'firing')];
  if (pending > 0) return ['warning', plural(pending, 'pending', 'pending')];
  return type === 'recording' ? ['debug', 'records'] : ['ok', 'quiet'];
}
