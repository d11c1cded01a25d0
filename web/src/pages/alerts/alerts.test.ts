import { describe, expect, it } from 'vitest';
import type { Rule, RuleGroup } from '@/api/prometheus';
import { describeRunway, runwayDays } from '@/pages/home/runway';
import { filterGroups, findRule, listGroups, serviceOf, splitThreshold } from './rule-list';
import { matches, matchersOf, matcherText, parseMatchers } from './silence-matchers';

const rule = (name: string, states: ('firing' | 'pending')[] = [], health = 'ok'): Rule => ({
  type: 'alerting',
  name,
  query: `${name} > 0`,
  health,
  lastEvaluation: '',
  evaluationTime: 0,
  alerts: states.map((state) => ({ labels: {}, annotations: {}, state, activeAt: '', value: '1' })),
});
const group = (name: string, ...rules: Rule[]): RuleGroup => ({
  name,
  file: 'f',
  interval: 15,
  lastEvaluation: '',
  evaluationTime: 0,
  rules,
});

describe('rules', () => {
  const groups = listGroups([
    group('a', rule('Quiet')),
    group('b', rule('Bad', [], 'err')),
    group('c', rule('Loud', ['firing', 'pending']), rule('Loud')),
  ]);

  it('that fire come first, broken ones before quiet ones', () =>
    expect(groups.map((listed) => listed.group.name)).toEqual(['c', 'b', 'a']));

  it('are found by id or by name', () => {
    expect(findRule(groups, 'c/Loud/1')?.firing).toBe(0);
    expect(findRule(groups, 'Loud')).toMatchObject({ firing: 1, pending: 1 });
    expect(findRule(groups, 'Nothing')).toBeNull();
  });

  it('are filtered', () => {
    const names = (only: 'all' | 'firing' | 'broken', find = '') =>
      filterGroups(groups, { only, find }).flatMap((listed) =>
        listed.rules.map(({ rule: { name } }) => name),
      );
    expect(names('firing')).toEqual(['Loud']);
    expect(names('broken')).toEqual(['Bad']);
    expect(names('all', 'qui')).toEqual(['Quiet']);
  });
});

describe('thresholds', () => {
  it.each([
    ['up == 0', { expr: 'up', threshold: 0 }],
    ['a / b > 1.5e-3', { expr: 'a / b', threshold: 0.0015 }],
    ['(a > 1 and b) < -2', { expr: '(a > 1 and b)', threshold: -2 }],
    ['a and b > 1', null],
    ['absent(up)', null],
    ['a > b', null],
  ])('of %s', (query, expected) => expect(splitThreshold(query)).toEqual(expected));
});

describe('matchers', () => {
  it('are read and written', () => {
    const matchers = parseMatchers('{a=b, c!="d e", f=~"x|y", g!~"z"}');
    expect(matchers.map(matcherText)).toEqual(['a="b"', 'c!="d e"', 'f=~"x|y"', 'g!~"z"']);
    expect(parseMatchers('')).toEqual([]);
    expect(() => parseMatchers('a=b, nonsense')).toThrow(/“nonsense” is not a matcher/);
  });

  it('fit as Alertmanager has it', () => {
    expect(matches(parseMatchers('a=~"b.*"'), { a: 'bcd' })).toBe(true);
    expect(matches(parseMatchers('a=~"b"'), { a: 'bcd' })).toBe(false);
    expect(matches(parseMatchers('missing=""'), {})).toBe(true);
    expect(matches(parseMatchers('a!="b"'), {})).toBe(true);
    expect(matches(matchersOf({ a: '1', b: '2' }), { a: '1', b: '2', c: '3' })).toBe(true);
    expect(matches(parseMatchers('a=~"("'), { a: '(' })).toBe(false);
  });
});

describe('labels', () => {
  it('name the service', () => {
    expect(serviceOf({ job: 'j', service_name: 's' })).toBe('s');
    expect(serviceOf({ service: '', instance: 'i' })).toBeNull();
  });
});

describe('the runway', () => {
  it('is days at the rate of now', () => {
    expect(describeRunway(runwayDays(86_400_000, 100))).toBe('full in 10 days');
    expect(describeRunway(runwayDays(864_000, 100))).toBe('full in 2 h');
    expect(describeRunway(runwayDays(1e12, 0))).toBe('not filling');
    expect(describeRunway(runwayDays(1e12, null))).toBe('not filling');
  });
});
