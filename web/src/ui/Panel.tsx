// A framed part of a page with a title and a place for its controls.
import type { CSSProperties, ReactNode } from 'react';
import styles from './ui.module.css';

interface PanelProps {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
  style?: CSSProperties;
  /** Whether what is shown answers an earlier question. */
  stale?: boolean;
}

export function Panel({ title, aside, children, className, style, stale }: PanelProps) {
  return (
    <section className={`${styles.panel ?? ''} ${className ?? ''}`} style={style}>
      {(title !== undefined || aside !== undefined) && (
        <header className={styles.panelHead}>
          <h2 className={`${styles.panelTitle ?? ''} truncate`}>{title}</h2>
          <div className={styles.panelAside}>{aside}</div>
        </header>
      )}
      <div className={`${styles.panelBody ?? ''} ${stale === true ? 'stale' : ''}`}>{children}</div>
    </section>
  );
}
