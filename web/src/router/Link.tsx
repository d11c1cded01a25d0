// A link inside the interface: an ordinary anchor that keeps the time range and does not reload the page.
import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { href as buildHref, type Params } from './href';
import { navigate, usePlace } from './location';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  to: string;
  params?: Params;
  children: ReactNode;
}

export function Link({ to, params, children, onClick, ...rest }: LinkProps) {
  const { search } = usePlace();
  const address = buildHref(to, params, search);
  return (
    <a
      {...rest}
      href={address}
      onClick={(event) => {
        onClick?.(event);
        if (!isPlainClick(event)) return;
        event.preventDefault();
        navigate(address);
      }}
    >
      {children}
    </a>
  );
}

/** Clicks with a modifier or another button belong to the browser: a new tab, a download. */
function isPlainClick(event: MouseEvent): boolean {
  return (
    !event.defaultPrevented &&
    event.button === 0 &&
    !event.metaKey &&
    !event.ctrlKey &&
    !event.shiftKey &&
    !event.altKey
  );
}
