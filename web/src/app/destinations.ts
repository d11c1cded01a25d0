// Everything the search box can go to, and which of it fits a text best.
import type { DashboardSummary } from '@/api/dashboards';
import type { Params } from '@/router/href';
import type { IconName } from '@/ui/icons';
import { SECTIONS } from './pages';

export interface Destination {
  kind: string;
  name: string;
  icon: IconName;
  to: string;
  params?: Params;
}

export function destinations(
  services: readonly string[],
  dashboards: readonly DashboardSummary[],
  metrics: readonly string[],
): Destination[] {
  return [
    ...SECTIONS.map(({ name, icon, to }) => ({ kind: 'Page', name, icon, to })),
    ...services.flatMap((service): Destination[] => [
      {
        kind: 'Traces of the service',
        name: service,
        icon: 'traces',
        to: '/traces',
        params: { service },
      },
      {
        kind: 'Logs of the service',
        name: service,
        icon: 'logs',
        to: '/logs',
        params: { q: `service.name:${quoteKql(service)}` },
      },
    ]),
    ...dashboards.map(({ uid, title, folder }): Destination => ({
      kind: folder === '' ? 'Dashboard' : `Dashboard in ${folder}`,
      name: title,
      icon: 'dashboards',
      to: `/dashboards/${encodeURIComponent(uid)}`,
    })),
    ...metrics.map((name): Destination => ({
      kind: 'Metric',
      name,
      icon: 'metrics',
      to: '/explore',
      params: { expr: name },
    })),
  ];
}

/** A KQL value: quoted where a bare word would not do. */
export function quoteKql(value: string): string {
  return /^[\w.-]+$/.test(value) && !/^(and|or|not)$/i.test(value)
    ? value
    : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** A trace id: 64 or 128 bits in hexadecimal, with or without dashes. */
export function traceIdIn(text: string): string | null {
  const bare = text.trim().toLowerCase().replaceAll('-', '');
  return /^([0-9a-f]{16}|[0-9a-f]{32})$/.test(bare) ? bare : null;
}

/** The destinations a text may mean, best first. */
export function rank(all: readonly Destination[], text: string): Destination[] {
  const traceId = traceIdIn(text);
  const trace: Destination[] =
    traceId === null
      ? []
      : [
          { kind: 'Trace', name: traceId, icon: 'traces', to: `/traces/${traceId}` },
          {
            kind: 'Logs of the trace',
            name: traceId,
            icon: 'logs',
            to: '/logs',
            params: { q: `trace_id:${traceId}` },
          },
        ];
  const words = text.trim().toLowerCase().split(/\s+/);
  const scored = all.flatMap((destination) => {
    const score = scoreOf(destination, words);
    return score === null ? [] : [{ destination, score }];
  });
  scored.sort((a, b) => b.score - a.score);
  return [...trace, ...scored.map(({ destination }) => destination)];
}

/** Every word must occur in the name or the kind; starts of the name and short names weigh more. */
function scoreOf({ name, kind }: Destination, words: readonly string[]): number | null {
  const lower = name.toLowerCase();
  let score = -lower.length / 100;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at === 0) score += 4;
    else if (at > 0) score += /[\s._\-/]/.test(lower[at - 1] ?? '') ? 3 : 2;
    else if (kind.toLowerCase().includes(word)) score += 1;
    else return null;
  }
  return score;
}
