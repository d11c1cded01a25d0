// A link that a dashboard wrote: inside this interface it keeps the time range, outside it opens apart.
import type { ReactNode } from 'react';
import { Link } from '@/router/Link';
import type { ResolvedLink } from './links';

export function DataLink({
  link,
  children,
  className = 'link',
}: {
  link: ResolvedLink;
  children: ReactNode;
  className?: string | undefined;
}) {
  if (link.external || link.newTab) {
    return (
      <a
        href={link.href}
        className={className}
        title={link.title}
        target={link.newTab ? '_blank' : undefined}
        rel="noreferrer noopener"
      >
        {children}
      </a>
    );
  }
  const [path = '/', query = ''] = link.href.split('?', 2);
  const params: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query))
    params[name] = [...(params[name] ?? []), value];
  return (
    <Link to={path} params={params} className={className} title={link.title}>
      {children}
    </Link>
  );
}
