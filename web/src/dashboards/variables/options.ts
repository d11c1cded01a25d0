// From the answers of a variable's query to its options: regular expression, order, and the choice among them.
import { ALL, type Variable, type VariableOption } from '../schema';

/** `/pattern/flags` or a bare pattern. A pattern that cannot be read is an error naming it. */
export function parseRegex(text: string): RegExp | null {
  if (text === '') return null;
  const written = /^\/(.*)\/([a-z]*)$/s.exec(text);
  try {
    return written === null
      ? new RegExp(text)
      : new RegExp(written[1] ?? '', (written[2] ?? '').replace(/[gy]/g, ''));
  } catch {
    throw new Error(`the regular expression ${text} cannot be read`);
  }
}

/** Keeps what fits; a group, or groups named `text` and `value`, say which part. */
export function applyRegex(values: readonly string[], regex: RegExp | null): VariableOption[] {
  const options = values.flatMap((value): VariableOption[] => {
    if (regex === null) return [{ text: value, value }];
    const match = regex.exec(value);
    if (match === null) return [];
    const named = match.groups;
    if (named?.value !== undefined || named?.text !== undefined) {
      const chosen = named.value ?? named.text ?? '';
      return [{ value: chosen, text: named.text ?? chosen }];
    }
    const part = match[1] ?? match[0];
    return [{ text: part, value: part }];
  });
  return [...new Map(options.map((option) => [option.value, option])).values()];
}

const numberIn = (text: string) => Number(/\d+/.exec(text)?.[0] ?? -1);

const ORDERS: Readonly<Record<number, (a: string, b: string) => number>> = {
  1: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  3: (a, b) => numberIn(a) - numberIn(b),
  5: (a, b) => a.toLowerCase().localeCompare(b.toLowerCase()),
  7: (a, b) => a.localeCompare(b, undefined, { numeric: true }),
};

/** Odd numbers sort upwards, the even ones after them downwards. */
export function sortOptions(options: readonly VariableOption[], sort: number): VariableOption[] {
  const order = ORDERS[sort % 2 === 0 ? sort - 1 : sort];
  if (order === undefined) return [...options];
  const sign = sort % 2 === 0 ? -1 : 1;
  return [...options].sort((a, b) => sign * order(a.text, b.text));
}

/** `a, b, name : value`; commas within a value are escaped. */
export function customOptions(query: string): VariableOption[] {
  return (query.match(/(?:\\,|[^,])+/g) ?? []).map((entry) => {
    const plain = entry.replace(/\\,/g, ',').trim();
    const pair = /^(.+)\s:\s(.+)$/.exec(plain);
    return pair === null
      ? { text: plain, value: plain }
      : { text: (pair[1] ?? '').trim(), value: (pair[2] ?? '').trim() };
  });
}

/**
 * The values in force: those of the address, else those saved, as far as the options have them; else the first.
 * What the address says of a variable without options (a text box) always holds.
 */
export function chooseValues(
  variable: Variable,
  options: readonly VariableOption[],
  fromAddress: readonly string[],
): string[] {
  if (variable.type === 'textbox' || variable.type === 'constant') {
    return [fromAddress[0] ?? variable.current[0] ?? variable.query];
  }
  const known = new Set(options.map(({ value }) => value));
  const valid = (values: readonly string[]) => {
    const kept = values
      .map(allName)
      .filter((value) => known.has(value) || (value === ALL && variable.includeAll));
    if (kept.includes(ALL)) return [ALL];
    return variable.multi ? kept : kept.slice(0, 1);
  };
  for (const values of [fromAddress, variable.current]) {
    const kept = valid(values);
    if (kept.length > 0) return kept;
  }
  if (variable.includeAll && options.length > 0) return [ALL];
  // Values nobody offers are still what the link asked for: an empty answer would hide why.
  if (options.length === 0 && fromAddress.length > 0) return [...fromAddress];
  const [first] = options;
  return first === undefined ? [] : [first.value];
}

const allName = (value: string) => (value === 'All' ? ALL : value);
