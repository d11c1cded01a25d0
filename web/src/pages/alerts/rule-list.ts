// Rules as the page lists them: by group, the loud ones first, filtered.
import type { Labels, Rule, RuleGroup } from '@/api/prometheus';
import type { AlertsState } from './alerts-state';

export interface ListedRule {
  id: string;
  group: RuleGroup;
  rule: Rule;
  firing: number;
  pending: number;
}

export interface ListedGroup {
  group: RuleGroup;
  rules: readonly ListedRule[];
}

/** A name for the address: group and rule; rules of the same name in one group are told apart by number. */
function idOf(group: RuleGroup, index: number): string {
  const name = group.rules[index]?.name ?? '';
  const before = group.rules.slice(0, index).filter((rule) => rule.name === name).length;
  return `${group.name}/${name}${before === 0 ? '' : `/${before}`}`;
}

export function listGroups(groups: readonly RuleGroup[]): ListedGroup[] {
  return groups
    .map((group) => ({
      group,
      rules: group.rules.map((rule, index) => ({
        id: idOf(group, index),
        group,
        rule,
        firing: (rule.alerts ?? []).filter(({ state }) => state === 'firing').length,
        pending: (rule.alerts ?? []).filter(({ state }) => state === 'pending').length,
      })),
    }))
    .sort((a, b) => loudness(b) - loudness(a) || a.group.name.localeCompare(b.group.name));
}

function loudness({ rules }: ListedGroup): number {
  if (rules.some(({ firing }) => firing > 0)) return 3;
  if (rules.some(({ pending }) => pending > 0)) return 2;
  return rules.some(({ rule }) => rule.health === 'err') ? 1 : 0;
}

export function filterGroups(
  groups: readonly ListedGroup[],
  { only, find }: Pick<AlertsState, 'only' | 'find'>,
): ListedGroup[] {
  const wanted = find.trim().toLowerCase();
  const keep = ({ rule, firing, pending }: ListedRule) =>
    (only === 'all' ||
      (only === 'firing' && firing > 0) ||
      (only === 'pending' && pending > 0) ||
      (only === 'broken' && rule.health === 'err')) &&
    `${rule.name} ${rule.query} ${JSON.stringify(rule.labels ?? {})}`
      .toLowerCase()
      .includes(wanted);
  return groups
    .map(({ group, rules }) => ({ group, rules: rules.filter(keep) }))
    .filter(({ rules }) => rules.length > 0);
}

/** The rule an address names: by its id, or by its name alone as links from elsewhere have it. */
export function findRule(groups: readonly ListedGroup[], id: string | null): ListedRule | null {
  if (id === null) return null;
  const rules = groups.flatMap((listed) => listed.rules);
  return (
    rules.find((rule) => rule.id === id) ?? rules.find((rule) => rule.rule.name === id) ?? null
  );
}

export interface ThresholdExpression {
  expr: string;
  threshold: number;
}

/** Splits `x > 0.02` into what is measured and the limit, so that both can be drawn. */
export function splitThreshold(query: string): ThresholdExpression | null {
  const match = /^([^]+?)\s*(?:>=|<=|==|!=|>|<)\s*(-?[\d.]+(?:e[+-]?\d+)?)\s*$/i.exec(query.trim());
  if (match === null) return null;
  const [, expr = '', limit] = match;
  // With `and`, `or` or `unless` outside of brackets the comparison belongs to one side only.
  const outer = expr.replace(/\([^()]*\)/g, '');
  if (/\b(and|or|unless)\b/i.test(outer) || !balanced(expr)) return null;
  return { expr, threshold: Number(limit) };
}

function balanced(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (depth < 0) return false;
  }
  return depth === 0;
}

const SERVICE_LABELS = ['service_name', 'service', 'app', 'job'];

/** The service an alert is about, if its labels say. */
export function serviceOf(labels: Labels): string | null {
  return (
    SERVICE_LABELS.map((label) => labels[label]).find(
      (value) => value !== undefined && value !== '',
    ) ?? null
  );
}
