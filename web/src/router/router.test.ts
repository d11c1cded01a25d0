// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import { alertsCodec } from '@/pages/alerts/alerts-state';
import { logCodec } from '@/pages/logs/log-state';
import { metricsCodec } from '@/pages/metrics/metrics-state';
import { traceSearchCodec } from '@/pages/traces/trace-state';
import { traceViewCodec } from '@/pages/traces/trace-view';
import { dashboardCodec } from '@/pages/dashboards/dashboard-state';
import { applyParams, encodeParams, href } from './href';
import { currentPlace, navigate } from './location';
import type { UrlCodec } from './url-state';

afterEach(() => navigate('/', { replace: true }));

/** Through the address and back. */
function roundTrip<State>(codec: UrlCodec<State>, state: State): State {
  return codec.decode(
    new URLSearchParams(encodeParams(applyParams(new URLSearchParams(), codec.encode(state)))),
  );
}

describe('page state survives the address', () => {
  it('of logs', () => {
    const state = {
      query: 'message:"a & b" and not level:debug #1',
      language: 'lucene' as const,
      filters: [
        { field: 'a=b!c', op: 'is' as const, value: 'x=y' },
        { field: 'user_id', op: 'not_exists' as const },
      ],
      pinned: [{ field: 'service.name', op: 'is_not' as const, value: '', disabled: true }],
      columns: ['service', 'http.route'],
      open: '17-2',
      detail: 'json' as const,
      sidebar: false,
    };
    expect(roundTrip(logCodec, state)).toEqual(state);
  });

  it('of metrics', () => {
    const state = {
      queries: [
        { expr: 'sum(rate(a{b="c"}[5m]))', legend: '{{le}}', hidden: false },
        { expr: 'up + 1', legend: '', hidden: true },
      ],
      view: 'table' as const,
      stacked: true,
      exemplars: false,
      browser: true,
    };
    expect(roundTrip(metricsCodec, state)).toEqual(state);
  });

  it('of traces', () => {
    const search = {
      service: 'a b',
      operation: 'GET /x?y=z',
      tags: 'error=true q="a b"',
      minDuration: '100ms',
      maxDuration: '2s',
      limit: 20,
      errorsOnly: true,
    };
    expect(roundTrip(traceSearchCodec, search)).toEqual(search);
    const view = {
      span: 'abc',
      collapsed: ['1', '2'],
      window: { start: 0.25, end: 0.5 },
      tab: 'logs' as const,
      find: 'select',
    };
    expect(roundTrip(traceViewCodec, view)).toEqual(view);
  });

  it('of alerts and dashboards', () => {
    const alerts = {
      tab: 'silences' as const,
      rule: 'group/Name',
      only: 'firing' as const,
      find: 'x',
      receiver: 'oncall',
      fingerprint: 'f1',
      notification: 'n1',
    };
    expect(roundTrip(alertsCodec, alerts)).toEqual(alerts);
    const dashboard = { viewPanel: '4-host=a', rows: 'open' as const, toggled: ['12'] };
    expect(roundTrip(dashboardCodec, dashboard)).toEqual(dashboard);
  });

  it('leaves defaults out', () => {
    const empty = new URLSearchParams();
    for (const codec of [
      logCodec,
      metricsCodec,
      traceSearchCodec,
      alertsCodec,
      dashboardCodec,
    ] as UrlCodec<unknown>[]) {
      const params = applyParams(empty, codec.encode(codec.decode(empty)));
      params.delete('expr');
      expect(params.toString()).toBe('');
    }
  });
});

describe('addresses', () => {
  it('carry the time range and pinned filters from page to page', () => {
    const address = href(
      '/traces',
      { service: 'cart' },
      '?from=now-6h&to=now&tz=utc&q=secret&pin=a%3Db',
    );
    expect(address).toBe('/traces?from=now-6h&to=now&tz=utc&pin=a%3Db&service=cart');
  });

  it('let a page choose its own range', () => {
    expect(href('/logs', { from: '1', to: '2' }, '?from=now-6h&to=now')).toBe('/logs?from=1&to=2');
  });

  it('keep the moment of entering a page while its parameters change', () => {
    navigate('/logs');
    const { enteredMs } = currentPlace();
    navigate('/logs?q=x');
    expect(currentPlace()).toEqual({ path: '/logs', search: '?q=x', enteredMs });
  });
});
