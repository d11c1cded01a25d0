// Matchers of silences and routes: `name="value"`, with =, !=, =~ and !~.
import type { SilenceMatcher } from '@/api/alertmanager';
import type { Labels } from '@/api/prometheus';

export function matcherText({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  return `${name}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}${JSON.stringify(value)}`;
}

/** Reads `severity=critical, team=~"shop|pay"`. What cannot be read is an error naming it. */
export function parseMatchers(text: string): SilenceMatcher[] {
  const matchers: SilenceMatcher[] = [];
  const pattern = /\s*([^\s=!~",{}]+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^",{}]*?)\s*(?:,|$)/y;
  const body = text.trim().replace(/^\{|\}$/g, '');
  let at = 0;
  while (at < body.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(body);
    if (match === null)
      throw new Error(
        `“${body.slice(at).trim()}” is not a matcher: write name=value or name=~"regex"`,
      );
    const [, name = '', operator = '=', raw = ''] = match;
    matchers.push({
      name,
      value: raw.startsWith('"') ? (JSON.parse(raw) as string) : raw,
      isRegex: operator.endsWith('~'),
      isEqual: operator.startsWith('='),
    });
    at = pattern.lastIndex;
  }
  return matchers;
}

/** Whether all matchers fit; a label that is not there has the empty value. */
export function matches(matchers: readonly SilenceMatcher[], labels: Labels): boolean {
  return matchers.every(({ name, value, isRegex, isEqual }) => {
    const actual = labels[name] ?? '';
    return (isRegex ? anchored(value).test(actual) : actual === value) === isEqual;
  });
}

/** A pattern the browser cannot read matches nothing here; the server has the last word. */
function anchored(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return /(?!)/;
  }
}

/** The matchers that fit exactly the alerts with these labels. */
export function matchersOf(labels: Labels): SilenceMatcher[] {
  return Object.entries(labels).map(([name, value]) => ({
    name,
    value,
    isRegex: false,
    isEqual: true,
  }));
}
