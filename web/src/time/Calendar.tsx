// A month to pick days from: one click for a day, a second one for a span of days.
import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { Icon } from '@/ui/icons';
import { formatDay } from './format-time';
import styles from './time.module.css';
import type { Zone } from './time-range';

interface CalendarProps {
  zone: Zone;
  /** The month shown first is the one of this moment. */
  shownMs: number;
  onRange: (fromDay: string, toDay: string) => void;
}

const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

export function Calendar({ zone, shownMs, onRange }: CalendarProps) {
  const [today] = useState(() => formatDay(Date.now(), zone));
  const [month, setMonth] = useState(() => formatDay(shownMs, zone).slice(0, 7));
  const [ends, setEnds] = useState<[string, string] | null>(null);
  const pick = (day: string) => {
    const next: [string, string] =
      ends?.[0] === ends?.[1] && ends !== null && day > ends[0] ? [ends[0], day] : [day, day];
    setEnds(next);
    onRange(next[0], next[1]);
  };
  return (
    <div>
      <div className={styles.month}>
        <ActionIcon
          size={24}
          aria-label="Month before"
          onClick={() => setMonth(monthAfter(month, -1))}
        >
          <Icon name="left" size={14} />
        </ActionIcon>
        <span>{monthName(month)}</span>
        <ActionIcon
          size={24}
          aria-label="Month after"
          onClick={() => setMonth(monthAfter(month, 1))}
        >
          <Icon name="right" size={14} />
        </ActionIcon>
      </div>
      <div className={styles.days}>
        {WEEKDAYS.map((name) => (
          <span key={name} className="faint">
            {name}
          </span>
        ))}
        {daysShown(month).map((day) => (
          <button
            key={day}
            type="button"
            disabled={day > today}
            data-other={!day.startsWith(month) || undefined}
            data-today={day === today || undefined}
            aria-pressed={ends !== null && day >= ends[0] && day <= ends[1]}
            aria-label={day}
            onClick={() => pick(day)}
          >
            {Number(day.slice(8))}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Six weeks from the Monday at or before the first of the month. */
export function daysShown(month: string): string[] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const lead = (first.getUTCDay() + 6) % 7;
  return Array.from({ length: 42 }, (_, index) =>
    formatDay(first.getTime() + (index - lead) * 86_400_000, 'utc'),
  );
}

function monthAfter(month: string, step: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + step);
  return formatDay(date.getTime(), 'utc').slice(0, 7);
}

function monthName(month: string): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  return date.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
