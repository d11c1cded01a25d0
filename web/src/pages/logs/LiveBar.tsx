// The line above the table while it follows the stream.
import { Button } from '@mantine/core';
import { plural } from '@/format/quantity';
import { Dot } from '@/ui/Badge';
import { Icon } from '@/ui/icons';
import styles from './logs.module.css';
import type { TailState } from './use-live-tail';

interface LiveBarProps {
  tail: TailState;
  onPause: (paused: boolean) => void;
}

export function LiveBar({ tail, onPause }: LiveBarProps) {
  return (
    <div className={styles.liveBar} role="status">
      <Dot
        tone={tail.connection === 'lost' ? 'error' : tail.paused ? 'warning' : 'ok'}
        label={tail.connection}
      />
      <span>{liveText(tail)}</span>
      {tail.missed > 0 && (
        <span className="muted">
          {plural(tail.missed, 'record')} left out: they came faster than this page reads
        </span>
      )}
      <Button
        size="compact-xs"
        leftSection={<Icon name={tail.paused ? 'play' : 'pause'} size={12} />}
        onClick={() => onPause(!tail.paused)}
      >
        {tail.paused ? `Show ${plural(tail.waiting.length, 'new record')}` : 'Pause'}
      </Button>
    </div>
  );
}

function liveText({ connection, paused }: TailState): string {
  if (connection === 'lost') return 'The stream broke off; connecting again…';
  if (connection === 'connecting') return 'Connecting…';
  return paused ? 'Paused: new records wait' : 'Following new records';
}
