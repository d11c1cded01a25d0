// Work that takes longer than a second says for how long it has been going, and can be stopped.
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatDuration } from '@/time/format-time';
import styles from './ui.module.css';

export function QueryProgress({ running, onStop }: { running: boolean; onStop: () => void }) {
  return running ? <Elapsed onStop={onStop} /> : null;
}

function Elapsed({ onStop }: { onStop: () => void }) {
  const [elapsedMs, setElapsedMs] = useState(0);
  useEffect(() => {
    const started = performance.now();
    const timer = setInterval(() => setElapsedMs(performance.now() - started), 200);
    return () => clearInterval(timer);
  }, []);
  if (elapsedMs < 1000) return null;
  return (
    <span className={styles.progress} role="status">
      running for {formatDuration(Math.round(elapsedMs / 100) * 100)}
      <Button size="compact-xs" onClick={onStop}>
        Stop
      </Button>
    </span>
  );
}
