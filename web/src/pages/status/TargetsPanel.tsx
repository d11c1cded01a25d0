// What is scraped: failing targets first, each with its last answer.
import { useState } from 'react';
import type { Target, Targets } from '@/api/prometheus';
import { plural } from '@/format/quantity';
import { metricsQuery } from '@/links/signal-links';
import { LinkIcons } from '@/links/SignalLinks';
import { formatAgo, formatDuration } from '@/time/format-time';
import { Badge, type Tone } from '@/ui/Badge';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Panel } from '@/ui/Panel';
import styles from './status.module.css';

const RANK: Readonly<Record<Target['health'], number>> = { down: 0, unknown: 1, up: 2 };
const TONES: Readonly<Record<Target['health'], Tone>> = {
  down: 'error',
  unknown: 'warning',
  up: 'ok',
};
const FOLDED = 12;

export function TargetsPanel({ targets, nowMs }: { targets: Targets; nowMs: number }) {
  const [all, setAll] = useState(false);
  const { activeTargets, droppedTargets } = targets;
  const sorted = [...activeTargets].sort(
    (a, b) =>
      RANK[a.health] - RANK[b.health] ||
      a.scrapePool.localeCompare(b.scrapePool) ||
      a.scrapeUrl.localeCompare(b.scrapeUrl),
  );
  const up = activeTargets.filter(({ health }) => health === 'up').length;
  const shown = all ? sorted : sorted.slice(0, Math.max(FOLDED, activeTargets.length - up));
  return (
    <Panel
      title="Targets"
      aside={
        <>
          <span>
            {up} of {activeTargets.length} up
          </span>
          {droppedTargets.length > 0 && (
            <span>{plural(droppedTargets.length, 'target')} dropped by relabelling</span>
          )}
        </>
      }
    >
      {sorted.length === 0 ? (
        <EmptyState
          icon="status"
          title="Nothing is scraped"
          command="sightglass --prometheus-config prometheus.yml"
        >
          Targets are found as prometheus.yml says: static, by file, and relabelled.
        </EmptyState>
      ) : (
        <DataTable
          rows={shown}
          columns={columnsAt(nowMs)}
          rowKey={(row) => `${row.scrapePool} ${row.scrapeUrl}`}
        />
      )}
      {shown.length < sorted.length && (
        <button type="button" className={styles.unfold} onClick={() => setAll(true)}>
          Show all {sorted.length}
        </button>
      )}
    </Panel>
  );
}

function columnsAt(nowMs: number): Column<Target>[] {
  return [
    {
      id: 'health',
      title: 'Health',
      width: 90,
      sortBy: (row) => RANK[row.health],
      cell: (row) => <Badge tone={TONES[row.health]}>{row.health}</Badge>,
    },
    {
      id: 'job',
      title: 'Job',
      sortBy: (row) => row.labels.job ?? row.scrapePool,
      // Relabelling and discovered labels may call it otherwise than the configuration.
      cell: ({ labels, scrapePool }) => (
        <>
          {labels.job ?? scrapePool}{' '}
          {labels.job !== undefined && labels.job !== scrapePool && (
            <span className="faint">{scrapePool}</span>
          )}
        </>
      ),
    },
    {
      id: 'url',
      title: 'Target',
      sortBy: (row) => row.scrapeUrl,
      cell: (row) => (
        <>
          <code>{row.scrapeUrl}</code>
          {row.lastError !== '' && <div className={styles.targetError}>{row.lastError}</div>}
        </>
      ),
    },
    {
      id: 'last',
      title: 'Last scrape',
      numeric: true,
      sortBy: (row) => row.lastScrape,
      cell: (row) =>
        row.lastScrape.startsWith('0001')
          ? 'not yet'
          : formatAgo(Date.parse(row.lastScrape), nowMs),
    },
    {
      id: 'took',
      title: 'Took',
      numeric: true,
      sortBy: (row) => row.lastScrapeDuration,
      cell: (row) => formatDuration(row.lastScrapeDuration * 1000),
    },
    { id: 'interval', title: 'Every', numeric: true, cell: (row) => row.scrapeInterval },
    {
      id: 'links',
      title: '',
      numeric: true,
      width: 48,
      cell: ({ labels }) => (
        <LinkIcons
          links={[
            metricsQuery(
              `up{job=${JSON.stringify(labels.job ?? '')},instance=${JSON.stringify(labels.instance ?? '')}}`,
            ),
          ]}
        />
      ),
    },
  ];
}
