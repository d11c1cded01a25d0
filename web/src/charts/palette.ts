// Colours of series. A name keeps its colour over reloads, pages and dashboards.

export type Scheme = 'dark' | 'light';

/**
 * Middle tones, apart from the severities' red and amber, that hold 3:1 against each background. The first eight are
 * told apart at a glance.
 */
const PALETTES: Readonly<Record<Scheme, readonly string[]>> = {
  dark: [
    '#6c9ff8',
    '#e6935a',
    '#52bd88',
    '#dd78c4',
    '#cdb04a',
    '#9c84f4',
    '#45b8c2',
    '#95b14e',
    '#c98b66',
    '#7d95c8',
    '#cf7fa6',
    '#5fb3e6',
    '#b38fe0',
    '#d8a36f',
    '#58b5a4',
    '#a7a64f',
    '#8a9fe8',
    '#c47fd6',
    '#7fb56b',
    '#b58a9c',
  ],
  light: [
    '#2f6fde',
    '#c8671c',
    '#218a57',
    '#b93f9d',
    '#94750b',
    '#6f52d6',
    '#147f8a',
    '#5d7a1c',
    '#94572e',
    '#4c6499',
    '#9d4773',
    '#1d7db5',
    '#7f55b5',
    '#a06a30',
    '#1f7d6d',
    '#74731c',
    '#5468c0',
    '#9a48ae',
    '#4b8238',
    '#84576a',
  ],
};

/** How many of a palette names fall on; the others serve charts of many series. */
const DISTINCT = 8;

/** FNV-1a: any stable spreading hash would do. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/**
 * A colour for each name. Names that would share a colour within one chart move on to the next free one,
 * in the names' order, so that the same set of names always gets the same colours.
 */
export function seriesColors(names: readonly string[], scheme: Scheme): Map<string, string> {
  const palette = PALETTES[scheme];
  const colors = new Map<string, string>();
  const taken = new Set<number>();
  for (const name of [...new Set(names)].sort()) {
    if (taken.size === palette.length) taken.clear();
    let slot = hash(name) % DISTINCT;
    const around = taken.size < DISTINCT ? DISTINCT : palette.length;
    while (taken.has(slot)) slot = (slot + 1) % around;
    taken.add(slot);
    colors.set(name, palette[slot] ?? '#888888');
  }
  return colors;
}

/** The colour of a name that stands alone, such as a service in a waterfall. */
export function seriesColor(name: string, scheme: Scheme): string {
  const palette = PALETTES[scheme];
  return palette[hash(name) % DISTINCT] ?? '#888888';
}

/** A token's value now, for drawing on a canvas. */
export function tokenColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The values of tokens in a scheme; the scheme must be the one shown. */
export function tokenColors(scheme: Scheme): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const key = `${scheme} ${name}`;
    const color = known.get(key) ?? tokenColor(name);
    known.set(key, color);
    return color;
  };
}

/** A colour with an opacity, for any notation CSS knows. */
export function withAlpha(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`;
}

const SEVERITY_TOKENS: Readonly<Record<string, string>> = {
  fatal: '--error',
  critical: '--error',
  error: '--error',
  warn: '--warning',
  warning: '--warning',
  info: '--info',
  debug: '--debug',
  trace: '--debug',
};

/** The token of a severity's colour; unknown severities are as quiet as debug. */
export function severityToken(severity: string): string {
  return SEVERITY_TOKENS[severity.toLowerCase()] ?? '--debug';
}
