// The home page: what needs attention first, then how everything is.
import { usePageTitle } from '@/app/page-title';
import { AlertsPanel } from './AlertsPanel';
import styles from './home.module.css';
import { HostsPanel } from './HostsPanel';
import { IngestPanel } from './IngestPanel';
import { ServicesPanel } from './ServicesPanel';
import { StoragePanel } from './StoragePanel';

export default function HomePage() {
  usePageTitle([{ text: 'Home' }]);
  return (
    <div className={styles.page}>
      <div className={styles.wide}>
        <ServicesPanel />
        <HostsPanel />
      </div>
      <div className={styles.narrow}>
        <AlertsPanel />
        <IngestPanel />
        <StoragePanel />
      </div>
    </div>
  );
}
