// Addresses inside the interface. Time range, zone, refresh and pinned filters travel from page to page.

/** Parameters every page shares. */
export const SHARED_PARAMS = ['from', 'to', 'tz', 'refresh', 'pin'] as const;

export type ParamValue = string | number | boolean | readonly string[] | null | undefined;
export type Params = Readonly<Record<string, ParamValue>>;

/** Sets, replaces or (for null, undefined, '' and false) removes parameters. */
export function applyParams(params: URLSearchParams, changes: Params): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    if (value == null || value === '' || value === false) continue;
    if (Array.isArray(value))
      for (const item of value as readonly string[]) next.append(name, item);
    else next.set(name, String(value));
  }
  return next;
}

/** Builds the address of a page from its own parameters and the shared ones of `search`. */
export function href(path: string, params: Params = {}, search = window.location.search): string {
  const here = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of SHARED_PARAMS) {
    const value = here.get(name);
    if (value !== null) kept.set(name, value);
  }
  const query = encodeParams(applyParams(kept, params));
  return query === '' ? path : `${path}?${query}`;
}

/** Encodes parameters so that the address stays readable: only what would break it is escaped. */
export function encodeParams(params: URLSearchParams): string {
  return [...params]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeValue(value)}`)
    .join('&');
}

function encodeValue(value: string): string {
  return encodeURIComponent(value).replace(/%(3A|2C|2F|40|24|7B|7D|5B|5D|7C)/g, (escaped) =>
    decodeURIComponent(escaped),
  );
}
