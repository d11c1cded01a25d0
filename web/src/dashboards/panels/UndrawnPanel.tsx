// What stands in the place of a panel that cannot be drawn, and says why.
import { Icon } from '@/ui/icons';
import styles from './panels.module.css';

export function UndrawnPanel({ title, detail }: { title: string; detail: string }) {
  return (
    <div className={styles.undrawn}>
      <Icon name="info" />
      <div>
        <div>{title}</div>
        <div className="faint">{detail}</div>
      </div>
    </div>
  );
}
