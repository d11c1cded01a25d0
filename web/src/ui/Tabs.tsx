// Tabs inside a page or pane.
import type { ReactNode } from 'react';
import styles from './ui.module.css';

interface TabsProps<Id extends string> {
  tabs: readonly { id: Id; title: ReactNode; count?: number | undefined }[];
  active: Id;
  onSelect: (id: Id) => void;
  aside?: ReactNode;
}

export function Tabs<Id extends string>({ tabs, active, onSelect, aside }: TabsProps<Id>) {
  return (
    <div className={styles.tabs} role="tablist">
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === active}
          className={styles.tab}
          onClick={() => onSelect(tab.id)}
        >
          {tab.title}
          {tab.count !== undefined && <span className={styles.tabCount}>{tab.count}</span>}
        </button>
      ))}
      <div className={styles.tabsAside}>{aside}</div>
    </div>
  );
}
