// The status page: what is wrong first, then targets, listeners, storage, configuration, build.
import { useQuery } from '@tanstack/react-query';
import { targets } from '@/api/prometheus';
import { status } from '@/api/status';
import { usePageTitle } from '@/app/page-title';
import { useTime } from '@/time/TimeContext';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonRows } from '@/ui/Skeleton';
import { BuildPanel } from './BuildPanel';
import { ConfigurationPanel } from './ConfigurationPanel';
import { ListenersPanel } from './ListenersPanel';
import styles from './status.module.css';
import { StoresPanel } from './StoresPanel';
import { TargetsPanel } from './TargetsPanel';

export default function StatusPage() {
  usePageTitle([{ text: 'Status' }]);
  const { resolved } = useTime();
  const { data, error, isPending } = useQuery({
    queryKey: ['status', resolved.endMs],
    queryFn: ({ signal }) => status(signal),
  });
  const scraped = useQuery({
    queryKey: ['targets', resolved.endMs],
    queryFn: ({ signal }) => targets(signal),
  });
  return (
    <div className={styles.page}>
      {error !== null && <ErrorNotice error={error} />}
      {scraped.error !== null && <ErrorNotice error={scraped.error} />}
      {isPending && <SkeletonRows rows={20} />}
      {data !== undefined && (
        <>
          <BuildPanel status={data} />
          <ConfigurationPanel files={data.configuration.files} nowMs={resolved.endMs} />
          {scraped.data !== undefined && (
            <TargetsPanel targets={scraped.data} nowMs={resolved.endMs} />
          )}
          <StoresPanel storage={data.storage} nowMs={resolved.endMs} />
          <ListenersPanel listeners={data.listeners} />
        </>
      )}
    </div>
  );
}
