// What of a dashboard is shown, as it stands in the address.
import type { UrlCodec } from '@/router/url-state';

export interface DashboardState {
  /** The panel shown alone. */
  viewPanel: string | null;
  /** All rows open or closed, or as the dashboard was saved. */
  rows: 'open' | 'closed' | 'saved';
  /** Rows that are the other way than `rows` says. */
  toggled: readonly string[];
}

export const dashboardCodec: UrlCodec<DashboardState> = {
  decode: (params) => {
    const rows = params.get('rows');
    return {
      viewPanel: params.get('viewPanel'),
      rows: rows === 'open' || rows === 'closed' ? rows : 'saved',
      toggled: params.getAll('row'),
    };
  },
  encode: ({ viewPanel, rows, toggled }) => ({
    viewPanel,
    rows: rows === 'saved' ? null : rows,
    row: toggled,
  }),
};

export function isOpen(
  section: { key: string; collapsed: boolean },
  { rows, toggled }: DashboardState,
): boolean {
  const open = rows === 'saved' ? !section.collapsed : rows === 'open';
  return toggled.includes(section.key) ? !open : open;
}

const PREFIX = 'var-';

/** The values of variables an address names. */
export function chosenValues(params: URLSearchParams): Map<string, string[]> {
  const chosen = new Map<string, string[]>();
  for (const [name, value] of params) {
    if (!name.startsWith(PREFIX)) continue;
    const variable = name.slice(PREFIX.length);
    chosen.set(variable, [...(chosen.get(variable) ?? []), value]);
  }
  return chosen;
}

export const variableParam = (name: string) => `${PREFIX}${name}`;
