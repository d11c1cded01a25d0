// The box that goes anywhere: pages, services, dashboards, metrics, and a pasted trace id.
import { Modal } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { listDashboards } from '@/api/dashboards';
import { services } from '@/api/jaeger';
import { labelValues } from '@/api/prometheus';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { Icon } from '@/ui/icons';
import styles from './app.module.css';
import { type Destination, destinations, rank } from './destinations';

const MAX_SHOWN = 12;

export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [mark, setMark] = useState(0);
  const all = useDestinations();
  const found = useMemo(() => rank(all, text).slice(0, MAX_SHOWN), [all, text]);
  const go = (destination: Destination | undefined) => {
    if (destination === undefined) return;
    onClose();
    navigate(href(destination.to, destination.params));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setMark((before) => (before + step + found.length) % Math.max(1, found.length));
    }
    if (event.key === 'Enter') go(found[mark]);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={620}
      centered={false}
      yOffset="14vh"
    >
      <div className={styles.palette}>
        <label className={styles.paletteInput}>
          <Icon name="search" />
          <input
            data-autofocus
            value={text}
            placeholder="A page, service, dashboard or metric, or paste a trace id"
            aria-label="Search"
            onChange={(event) => {
              setText(event.target.value);
              setMark(0);
            }}
            onKeyDown={onKeyDown}
          />
        </label>
        <ul role="listbox">
          {found.map((destination, index) => (
            <li key={`${destination.kind} ${destination.name}`}>
              <button
                type="button"
                role="option"
                aria-selected={index === mark}
                className={styles.paletteItem}
                onMouseMove={() => setMark(index)}
                onClick={() => go(destination)}
              >
                <Icon name={destination.icon} />
                <span className="truncate">{destination.name}</span>
                <span className="faint">{destination.kind}</span>
              </button>
            </li>
          ))}
          {found.length === 0 && <li className={styles.paletteEmpty}>Nothing by that name</li>}
        </ul>
      </div>
    </Modal>
  );
}

function useDestinations(): Destination[] {
  const [serviceNames, dashboards, metrics] = useQueries({
    queries: [
      { queryKey: ['services'], queryFn: ({ signal }) => services(signal), staleTime: 30_000 },
      {
        queryKey: ['dashboards'],
        queryFn: ({ signal }) => listDashboards(signal),
        staleTime: 30_000,
      },
      {
        queryKey: ['metric names'],
        queryFn: ({ signal }: { signal: AbortSignal }) => labelValues('__name__', {}, signal),
        staleTime: 30_000,
      },
    ],
  });
  return useMemo(
    () => destinations(serviceNames.data ?? [], dashboards.data ?? [], metrics.data ?? []),
    [serviceNames.data, dashboards.data, metrics.data],
  );
}
