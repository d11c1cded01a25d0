// Puts the values of variables into texts: `$name`, `${name}`, `${name:format}`, `[[name]]`.
import { formatValues, promqlValues } from './formats';

export interface ScopedValue {
  values: readonly string[];
  texts: readonly string[];
  /** The variable may hold several values, so `=~` is used with it. */
  severalPossible: boolean;
  /** Written as it is: a regular expression of its own, or a number the engine computed. */
  verbatim?: boolean;
}

export type Scope = ReadonlyMap<string, ScopedValue>;

export type WriteStyle = 'promql' | 'text';

const REFERENCE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}/g;

/** References to names that are not in the scope stay as they are. */
export function interpolate(text: string, scope: Scope, style: WriteStyle): string {
  return text.replace(REFERENCE, (reference: string, ...groups: (string | undefined)[]) => {
    const [plain, bracketed, bracketFormat, braced, path, bracedFormat] = groups;
    const name = plain ?? bracketed ?? braced ?? '';
    const value =
      scope.get(path === undefined ? name : `${name}.${path}`) ??
      (path === undefined ? undefined : scope.get(name));
    if (value === undefined) return reference;
    return write(name, value, bracketFormat ?? bracedFormat, style);
  });
}

function write(
  name: string,
  value: ScopedValue,
  format: string | undefined,
  style: WriteStyle,
): string {
  if (format === 'text') return formatValues(value.texts, 'text', name);
  if (format !== undefined) return formatValues(value.values, format, name);
  if (value.verbatim === true) return value.values.join('|');
  if (style === 'text') return value.texts.join(' + ');
  return promqlValues(value.values, value.severalPossible);
}

/** The names a text refers to. */
export function referencedNames(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map((match) => match[1] ?? match[2] ?? match[4] ?? '');
}

export function scoped(value: string, text = value): ScopedValue {
  return { values: [value], texts: [text], severalPossible: false, verbatim: true };
}
