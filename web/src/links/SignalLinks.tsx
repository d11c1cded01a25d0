// A value with the ways it leads on: one is a link, several are a small menu.
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from '@/router/Link';
import type { Params } from '@/router/href';
import { Icon } from '@/ui/icons';
import styles from './links.module.css';
import { linksOfField, type SignalLink } from './signal-links';

interface FieldValueProps {
  name: string;
  value: string;
  /** Added to every address, such as the range around the moment. */
  range?: Params;
}

/** The text of a field, linked where it is known to lead somewhere. */
export function FieldValue({ name, value, range }: FieldValueProps) {
  const links = linksOfField(name, value);
  if (links.length === 0) return <>{value}</>;
  return (
    <LinkMenu links={links} range={range}>
      {value}
    </LinkMenu>
  );
}

export function LinkMenu({
  links,
  range,
  children,
}: {
  links: readonly SignalLink[];
  range?: Params | undefined;
  children: ReactNode;
}) {
  const [first, ...rest] = links;
  if (first === undefined) return <>{children}</>;
  if (rest.length === 0) {
    return (
      <Link
        to={first.to}
        params={{ ...first.params, ...range }}
        className="link"
        title={first.label}
      >
        {children}
      </Link>
    );
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button
          type="button"
          className={styles.trigger}
          onClick={(event) => event.stopPropagation()}
        >
          {children}
        </button>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
        {links.map((link) => (
          <Menu.Item
            key={link.label}
            leftSection={<Icon name={link.icon} size={14} />}
            renderRoot={(props: Record<string, unknown>) => (
              <Link {...props} to={link.to} params={{ ...link.params, ...range }}>
                {props.children as ReactNode}
              </Link>
            )}
          >
            {link.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** A row of icons, each one way on. */
export function LinkIcons({ links, range }: { links: readonly SignalLink[]; range?: Params }) {
  return (
    <span className={styles.icons}>
      {links.map((link) => (
        <Tooltip key={link.label} label={link.label}>
          <ActionIcon
            size={24}
            aria-label={link.label}
            renderRoot={(props: Record<string, unknown>) => (
              <Link
                {...props}
                to={link.to}
                params={{ ...link.params, ...range }}
                onClick={(event) => event.stopPropagation()}
              >
                {props.children as ReactNode}
              </Link>
            )}
          >
            <Icon name={link.icon} size={15} />
          </ActionIcon>
        </Tooltip>
      ))}
    </span>
  );
}
