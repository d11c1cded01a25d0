// What went wrong: the reason, the place in the query, and what to do.
import type { ReactNode } from 'react';
import { ApiError } from '@/api/http';
import { Icon } from './icons';
import styles from './ui.module.css';

interface NoticeProps {
  tone?: 'error' | 'warning';
  title: ReactNode;
  children?: ReactNode;
}

export function Notice({ tone = 'error', title, children }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={tone === 'error' ? 'error' : 'warning'} className={styles.noticeIcon} />
      <div className={styles.noticeBody}>
        <div>{title}</div>
        {children}
      </div>
    </div>
  );
}

/** An API's error; with the query's text its place is underlined. */
export function ErrorNotice({ error, query }: { error: unknown; query?: string }) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ApiError ? error.hint : null;
  const position = error instanceof ApiError ? error.position : null;
  return (
    <Notice title={message}>
      {hint !== null && <div className="muted">{hint}</div>}
      {query !== undefined && position !== null && (
        <code className={styles.noticeQuery}>
          {query.slice(0, position.start)}
          <mark>{query.slice(position.start, position.end) || '\u00a0'}</mark>
          {query.slice(position.end)}
        </code>
      )}
    </Notice>
  );
}
