// Chooses the time range: stepping, zooming out, quick ranges, or two ends written by hand.
import { ActionIcon, Button, Popover, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { Icon } from '@/ui/icons';
import { Calendar } from './Calendar';
import { describeRange, formatDateTime, zoneName } from './format-time';
import styles from './time.module.css';
import {
  isRelative,
  parseTime,
  QUICK_RANGES,
  type RawRange,
  resolveRange,
  type Zone,
} from './time-range';
import { useTime } from './TimeContext';

export function TimeRangePicker() {
  const time = useTime();
  const [open, setOpen] = useState(false);
  const { range, resolved, zone } = time;
  const absolute = `${formatDateTime(resolved.startMs, zone)} → ${formatDateTime(resolved.endMs, zone)}`;
  return (
    <div className={styles.group}>
      <Tooltip label="Earlier ([)">
        <ActionIcon variant="default" size={30} aria-label="Earlier" onClick={() => time.shift(-1)}>
          <Icon name="left" size={14} />
        </ActionIcon>
      </Tooltip>
      <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus>
        <Popover.Target>
          <Tooltip label={`${absolute} (${zoneName(zone)})`} disabled={open}>
            <Button
              leftSection={<Icon name="clock" size={14} />}
              onClick={() => setOpen(!open)}
              fw={500}
            >
              <span className="num">{describeRange(range, resolved, zone)}</span>
              {zone === 'utc' && <span className={styles.zone}>UTC</span>}
              {time.problem !== null && <span className={styles.problem}>{time.problem}</span>}
            </Button>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <RangeForm key={`${range.from} ${range.to} ${zone}`} onDone={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
      <Tooltip label="Later (])">
        <ActionIcon variant="default" size={30} aria-label="Later" onClick={() => time.shift(1)}>
          <Icon name="right" size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Zoom out (-)">
        <ActionIcon variant="default" size={30} aria-label="Zoom out" onClick={time.zoomOut}>
          <Icon name="zoom-out" size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

/** Absolute ends are shown as dates; relative ones as they are written. */
function editable(
  range: RawRange,
  zone: Zone,
  resolved: { startMs: number; endMs: number },
): RawRange {
  return {
    from: range.from.startsWith('now') ? range.from : formatDateTime(resolved.startMs, zone),
    to: range.to.startsWith('now') ? range.to : formatDateTime(resolved.endMs, zone),
  };
}

function RangeForm({ onDone }: { onDone: () => void }) {
  const { range, resolved, zone, setRange, setZone } = useTime();
  const [draft, setDraft] = useState(() => editable(range, zone, resolved));
  const problems = problemsOf(draft, zone);
  const choose = (next: RawRange) => {
    setRange(next);
    onDone();
  };
  const apply = (event: SyntheticEvent) => {
    event.preventDefault();
    if (problems.from !== null || problems.to !== null) return;
    choose(isRelative(draft) ? draft : toMilliseconds(draft, zone));
  };
  return (
    <div className={styles.picker}>
      <form className={styles.form} onSubmit={apply}>
        <TextInput
          label="From"
          value={draft.from}
          error={problems.from}
          onChange={(event) => setDraft({ ...draft, from: event.currentTarget.value })}
        />
        <TextInput
          label="To"
          value={draft.to}
          error={problems.to}
          onChange={(event) => setDraft({ ...draft, to: event.currentTarget.value })}
        />
        <Calendar
          zone={zone}
          onRange={(from, to) => setDraft({ from, to })}
          shownMs={resolved.endMs}
        />
        <div className={styles.formEnd}>
          <SegmentedControl
            value={zone}
            onChange={(value) => setZone(value === 'utc' ? 'utc' : 'local')}
            data={[
              { value: 'local', label: zoneName('local') },
              { value: 'utc', label: 'UTC' },
            ]}
          />
          <Button type="submit" variant="filled">
            Apply
          </Button>
        </div>
      </form>
      <ul className={styles.quick}>
        {QUICK_RANGES.map((quick) => (
          <li key={quick.label}>
            <button
              type="button"
              aria-pressed={quick.range.from === range.from && quick.range.to === range.to}
              onClick={() => choose(quick.range)}
            >
              {quick.label}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function toMilliseconds(draft: RawRange, zone: Zone): RawRange {
  const absolute = (text: string, end: boolean) =>
    text.startsWith('now') ? text : String(parseTime(text, Date.now(), zone, end));
  return { from: absolute(draft.from, false), to: absolute(draft.to, true) };
}

function problemsOf(draft: RawRange, zone: Zone): { from: string | null; to: string | null } {
  const problem = (check: () => void) => {
    try {
      check();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const nowMs = Date.now();
  const from = problem(() => parseTime(draft.from, nowMs, zone));
  const to = problem(() => parseTime(draft.to, nowMs, zone, true));
  if (from !== null || to !== null) return { from, to };
  return { from, to: problem(() => resolveRange(draft, nowMs, zone)) };
}
