// Filters as they stand in the address: `field=value`, `!field=value`, `field` (exists), `!field`, `~` when disabled.
import type { LogFilter } from '@/api/logs';

const RESERVED = /[%~!=]/g;

export function encodeFilter({ field, op, value, disabled }: LogFilter): string {
  const name = field.replace(RESERVED, (char) => `%${char.charCodeAt(0).toString(16)}`);
  const mark = `${disabled === true ? '~' : ''}${op === 'is_not' || op === 'not_exists' ? '!' : ''}`;
  return op === 'is' || op === 'is_not' ? `${mark}${name}=${value ?? ''}` : `${mark}${name}`;
}

export function decodeFilter(text: string): LogFilter | null {
  const match = /^(~?)(!?)([^=]+)(=[^]*)?$/.exec(text);
  if (match === null) return null;
  const [, disabled, negated, name = '', value] = match;
  const field = name.replace(/%([0-9a-f]{2})/g, (_all, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  const flags = disabled === '~' ? { disabled: true } : {};
  if (value === undefined)
    return { field, op: negated === '!' ? 'not_exists' : 'exists', ...flags };
  return { field, op: negated === '!' ? 'is_not' : 'is', value: value.slice(1), ...flags };
}
