// Labels as chips; those that lead somewhere are links.
import type { Labels } from '@/api/prometheus';
import { FieldValue } from '@/links/SignalLinks';
import styles from './alerts.module.css';

export function LabelChips({ labels }: { labels: Labels }) {
  return (
    <span className={styles.labels}>
      {Object.entries(labels).map(([name, value]) => (
        <span key={name} className={styles.label}>
          <span className="faint">{name}=</span>
          <FieldValue name={name} value={value} />
        </span>
      ))}
    </span>
  );
}
