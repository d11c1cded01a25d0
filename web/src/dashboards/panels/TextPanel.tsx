// Words: markdown or HTML, made harmless, or code as it is.
import { SanitizedHtml } from '@/ui/SanitizedHtml';
import { text } from '../json';
import type { PanelView } from './panel-view';
import styles from './panels.module.css';

export function TextPanel({ panel, interpolate }: PanelView) {
  const content = interpolate(text(panel.options.content));
  const mode = text(panel.options.mode, 'markdown');
  if (mode === 'code') {
    return (
      <pre className={styles.textCode}>
        <code>{content}</code>
      </pre>
    );
  }
  return (
    <SanitizedHtml
      text={content}
      format={mode === 'html' ? 'html' : 'markdown'}
      className={styles.text}
    />
  );
}
