// What the alerts page shows, as it stands in the address.
import type { UrlCodec } from '@/router/url-state';

export const TABS = ['rules', 'notifications', 'silences', 'routing'] as const;
export type AlertsTab = (typeof TABS)[number];

export interface AlertsState {
  tab: AlertsTab;
  /** `group/name` of the rule shown beside. */
  rule: string | null;
  only: 'all' | 'firing' | 'pending' | 'broken';
  find: string;
  receiver: string | null;
  fingerprint: string | null;
  notification: string | null;
}

export const alertsCodec: UrlCodec<AlertsState> = {
  decode: (params) => {
    const tab = params.get('tab');
    const only = params.get('only');
    return {
      tab: TABS.find((known) => known === tab) ?? 'rules',
      rule: params.get('rule'),
      only: only === 'firing' || only === 'pending' || only === 'broken' ? only : 'all',
      find: params.get('find') ?? '',
      receiver: params.get('receiver'),
      fingerprint: params.get('fingerprint'),
      notification: params.get('notification'),
    };
  },
  encode: (state) => ({
    tab: state.tab === 'rules' ? null : state.tab,
    rule: state.rule,
    only: state.only === 'all' ? null : state.only,
    find: state.find,
    receiver: state.receiver,
    fingerprint: state.fingerprint,
    notification: state.notification,
  }),
};
