// Small marks of state: a dot, or a word on a tint. Colour never speaks alone: there is always a word.
import type { CSSProperties, ReactNode } from 'react';
import styles from './ui.module.css';

export type Tone = 'error' | 'warning' | 'info' | 'ok' | 'debug' | 'accent';

const toneStyle = (tone: Tone) => ({ '--tone': `var(--${tone})` }) as CSSProperties;

export function Badge({
  tone,
  children,
  title,
}: {
  tone: Tone;
  children: ReactNode;
  title?: string;
}) {
  return (
    <span className={styles.badge} style={toneStyle(tone)} title={title}>
      {children}
    </span>
  );
}

export function Dot({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span
      className={styles.dot}
      style={toneStyle(tone)}
      role="img"
      aria-label={label}
      title={label}
    />
  );
}
