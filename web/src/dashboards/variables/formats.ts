// How a variable's values are written into a text: `${name:format}`.

/** In a PromQL string within a regular expression: escaped for both. */
export function regexInPromql(value: string): string {
  return value.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}

/** In a PromQL string outside of a regular expression. */
export function stringInPromql(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
}

const escapeRegex = (value: string) => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
const escapeLucene = (value: string) => value.replace(/([!*+\-=<>\s&|()[\]{}^~?:\\/"])/g, '\\$1');

type Format = (values: readonly string[], name: string, argument: string) => string;

const group = (values: readonly string[], joined: string) =>
  values.length === 1 ? (values[0] ?? '') : joined;

const FORMATS: Readonly<Record<string, Format>> = {
  raw: (values) => values.join(','),
  csv: (values) => values.join(','),
  text: (values) => values.join(' + '),
  pipe: (values) => values.join('|'),
  glob: (values) => group(values, `{${values.join(',')}}`),
  regex: (values) => group(values.map(escapeRegex), `(${values.map(escapeRegex).join('|')})`),
  json: (values) => JSON.stringify(values.length === 1 ? values[0] : values),
  lucene: (values) =>
    group(
      values.map(escapeLucene),
      `(${values.map((value) => `"${escapeLucene(value)}"`).join(' OR ')})`,
    ),
  percentencode: (values) => encodeURIComponent(group(values, `{${values.join(',')}}`)),
  uriencode: (values) => encodeURI(group(values, `{${values.join(',')}}`)),
  queryparam: (values, name) =>
    values.map((value) => `var-${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&'),
  singlequote: (values) => values.map((value) => `'${value.replace(/'/g, "\\'")}'`).join(','),
  doublequote: (values) => values.map((value) => `"${value.replace(/"/g, '\\"')}"`).join(','),
  sqlstring: (values) => values.map((value) => `'${value.replace(/'/g, "''")}'`).join(','),
  distributed: (values, name) =>
    values.map((value, index) => (index === 0 ? value : `${name}=${value}`)).join(','),
  join: (values, _name, argument) => values.join(argument === '' ? ',' : argument),
  date: (values, _name, argument) => formatDate(Number(values[0]), argument),
};

function formatDate(ms: number, argument: string): string {
  if (argument === 'seconds') return String(Math.floor(ms / 1000));
  return new Date(ms).toISOString();
}

/** Writes values in a named format; an unknown format writes them as they are. */
export function formatValues(values: readonly string[], format: string, name: string): string {
  const [kind = '', ...argument] = format.split(':');
  return (FORMATS[kind] ?? FORMATS.raw ?? ((all) => all.join(',')))(
    values,
    name,
    argument.join(':'),
  );
}

/**
 * Writes values as Grafana's Prometheus data source does where no format is named: those of a variable that
 * can hold several are for `=~`, so they are escaped as regular expressions and joined by `|`.
 */
export function promqlValues(values: readonly string[], severalPossible: boolean): string {
  if (!severalPossible) return stringInPromql(values[0] ?? '');
  const escaped = values.map(regexInPromql);
  return group(escaped, `(${escaped.join('|')})`);
}
