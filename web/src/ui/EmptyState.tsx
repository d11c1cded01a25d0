// What a page shows when there is nothing: what would be here, and the one command that brings it.
import type { ReactNode } from 'react';
import { CopyButton } from './CopyButton';
import { Icon, type IconName } from './icons';
import styles from './ui.module.css';

interface EmptyStateProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  command?: string;
}

export function EmptyState({ icon, title, children, command }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <Icon name={icon} size={24} className={styles.emptyIcon} />
      <div className={styles.emptyTitle}>{title}</div>
      {children !== undefined && <div className={styles.emptyText}>{children}</div>}
      {command !== undefined && <Command text={command} />}
    </div>
  );
}

export function Command({ text }: { text: string }) {
  return (
    <span className={styles.command}>
      <code>{text}</code>
      <CopyButton text={text} />
    </span>
  );
}
