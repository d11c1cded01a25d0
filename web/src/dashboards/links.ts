// Links of dashboards, panels and values: variables put in, Grafana's addresses turned into ours.
import { isExternal, safeHref } from '@/ui/safe-href';

export interface ResolvedLink {
  title: string;
  href: string;
  external: boolean;
  newTab: boolean;
}

/** What a link on a value may refer to. */
export interface LinkValue {
  raw: string;
  text: string;
  numeric: string;
  timeMs: string;
  fieldName: string;
  labels: Readonly<Record<string, string>>;
  /** The other columns of the row, by name and by position. */
  row: readonly { name: string; text: string }[];
}

/** Puts a value's own references in; what it does not have becomes empty, as in Grafana. */
export function withValue(url: string, value: LinkValue): string {
  return url
    .replace(/\$\{__value\.(raw|text|numeric|time)\}/g, (_all, part: string) =>
      encodeURIComponent(
        part === 'time' ? value.timeMs : value[part as 'raw' | 'text' | 'numeric'],
      ),
    )
    .replace(
      /\$\{__(?:field|series)\.labels\.([\w.]+)\}|\$\{__field\.labels\["([^"]+)"\]\}/g,
      (_all, a?: string, b?: string) => encodeURIComponent(value.labels[a ?? b ?? ''] ?? ''),
    )
    .replace(
      /\$\{__field\.(?:name|displayName)\}|\$\{__series\.name\}/g,
      encodeURIComponent(value.fieldName),
    )
    .replace(
      /\$\{__data\.fields(?:\.([\w]+)|\["([^"]+)"\]|\[(\d+)\])(?:\.(?:text|numeric))?\}/g,
      (_all, a?: string, b?: string, index?: string) => {
        const cell =
          index === undefined
            ? value.row.find(({ name }) => name === (a ?? b))
            : value.row[Number(index)];
        return encodeURIComponent(cell?.text ?? '');
      },
    );
}

/** An address as this interface has it; null when it must not be followed. */
export function resolveHref(url: string): string | null {
  const href = safeHref(url);
  if (href === null || isExternal(href)) return href;
  const own = href.replace(/^\/?d(?:-solo)?\/([^/?#]+)(?:\/[^?#]*)?/, '/dashboards/$1');
  return own.startsWith('/') || own.startsWith('?') || own.startsWith('#') ? own : `/${own}`;
}

/** Adds parameters to an address that may have some. */
export function withParams(href: string, params: string): string {
  if (params === '') return href;
  const [path = '', hash] = href.split('#', 2);
  return `${path}${path.includes('?') ? '&' : '?'}${params}${hash === undefined ? '' : `#${hash}`}`;
}
