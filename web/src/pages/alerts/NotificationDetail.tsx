// One notification in full: the alerts it told of, what was sent and what came back.
import { ActionIcon, Tooltip } from '@mantine/core';
import type { Notification } from '@/api/notifications';
import { formatDateTime } from '@/time/format-time';
import { useTime } from '@/time/TimeContext';
import { Badge } from '@/ui/Badge';
import { CopyButton } from '@/ui/CopyButton';
import { Icon } from '@/ui/icons';
import { Notice } from '@/ui/Notice';
import styles from './alerts.module.css';
import { LabelChips } from './LabelChips';

export function NotificationDetail({
  notification,
  onClose,
}: {
  notification: Notification;
  onClose: () => void;
}) {
  const { zone } = useTime();
  const { payload, response } = notification;
  return (
    <div className={styles.detail}>
      <header className={styles.detailHead}>
        <Badge tone={notification.outcome === 'sent' ? 'ok' : 'error'}>
          {notification.outcome}
        </Badge>
        <strong className="truncate">{notification.receiver}</strong>
        <span className="faint num">{formatDateTime(notification.time_ms, zone)}</span>
        <span className={styles.detailActions}>
          <Tooltip label="Close (Esc)">
            <ActionIcon size={24} aria-label="Close" onClick={onClose}>
              <Icon name="close" size={15} />
            </ActionIcon>
          </Tooltip>
        </span>
      </header>
      <div className={styles.detailBody}>
        {notification.error !== null && (
          <div className={styles.inset}>
            <Notice title={notification.error} />
          </div>
        )}
        <h3 className={styles.partTitle}>Group</h3>
        <div className={styles.inset}>
          <LabelChips labels={notification.group_labels} />
        </div>
        <h3 className={styles.partTitle}>Alerts</h3>
        {notification.alerts.map(({ fingerprint, status, labels }) => (
          <div key={fingerprint} className={styles.told}>
            <Badge tone={status === 'resolved' ? 'ok' : 'error'}>{status}</Badge>
            <LabelChips labels={labels} />
          </div>
        ))}
        <Text title="Sent" text={payload} none="the payload was not kept" />
        <Text title="Answered" text={response} none="nothing" />
      </div>
    </div>
  );
}

function Text({ title, text, none }: { title: string; text: string | null; none: string }) {
  return (
    <>
      <h3 className={styles.partTitle}>
        {title} {text !== null && text !== '' && <CopyButton text={text} />}
      </h3>
      {text === null || text === '' ? (
        <p className={styles.note}>{none}</p>
      ) : (
        <pre className={styles.payload}>{pretty(text)}</pre>
      )}
    </>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
