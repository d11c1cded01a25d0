// A new silence: which alerts, for how long, by whom and why, with the alerts it would keep quiet.
import { Button, Modal, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useMemo, useState } from 'react';
import { type Alert, saveSilence, type SilenceMatcher } from '@/api/alertmanager';
import type { Labels } from '@/api/prometheus';
import { plural } from '@/format/quantity';
import { ErrorNotice } from '@/ui/Notice';
import { toast } from '@/ui/toasts';
import styles from './alerts.module.css';
import { LabelChips } from './LabelChips';
import { matchersOf, matches, matcherText, parseMatchers } from './silence-matchers';

interface SilenceFormProps {
  /** The labels to begin with. */
  labels: Labels;
  alerts: readonly Alert[];
  onClose: () => void;
}

const DURATIONS = [
  { value: '30', label: '30 min' },
  { value: '120', label: '2 h' },
  { value: '480', label: '8 h' },
  { value: '1440', label: '1 day' },
  { value: '10080', label: '1 week' },
];
const AUTHOR_KEY = 'sightglass.silence-author';

export function SilenceForm({ labels, alerts, onClose }: SilenceFormProps) {
  const client = useQueryClient();
  const [text, setText] = useState(() => matchersOf(labels).map(matcherText).join(', '));
  const [minutes, setMinutes] = useState('120');
  const [author, setAuthor] = useState(() => localStorage.getItem(AUTHOR_KEY) ?? '');
  const [comment, setComment] = useState('');
  const { matchers, problem } = useMemo(() => read(text), [text]);
  const save = useMutation({
    mutationFn: () =>
      saveSilence({ matchers, createdBy: author, comment, ...from(Date.now(), Number(minutes)) }),
    onSuccess: () => {
      localStorage.setItem(AUTHOR_KEY, author);
      toast('ok', 'The silence has begun.');
      void client.invalidateQueries({ queryKey: ['silences'] });
      onClose();
    },
  });
  const complete = problem === null && matchers.length > 0 && author !== '' && comment !== '';
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (complete) save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Silence" size="lg">
      <form className={styles.form} onSubmit={submit}>
        <Textarea
          label="Alerts whose labels fit"
          autosize
          minRows={2}
          value={text}
          error={problem}
          classNames={{ input: 'mono' }}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Preview matchers={matchers} alerts={alerts} />
        <SegmentedControl
          value={minutes}
          onChange={setMinutes}
          data={DURATIONS}
          aria-label="For how long"
        />
        <TextInput
          label="By"
          value={author}
          required
          onChange={(event) => setAuthor(event.currentTarget.value)}
        />
        <TextInput
          label="Why"
          value={comment}
          required
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {save.error !== null && <ErrorNotice error={save.error} />}
        <div className={styles.formEnd}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" disabled={!complete} loading={save.isPending}>
            Silence
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function from(startMs: number, minutes: number): { startsAt: string; endsAt: string } {
  const iso = (ms: number) => new Date(ms).toISOString();
  return { startsAt: iso(startMs), endsAt: iso(startMs + minutes * 60_000) };
}

function read(text: string): { matchers: SilenceMatcher[]; problem: string | null } {
  try {
    return { matchers: parseMatchers(text), problem: null };
  } catch (error) {
    return { matchers: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

function Preview({
  matchers,
  alerts,
}: {
  matchers: readonly SilenceMatcher[];
  alerts: readonly Alert[];
}) {
  const fitting =
    matchers.length === 0 ? [] : alerts.filter((alert) => matches(matchers, alert.labels));
  return (
    <div className={styles.preview}>
      <p className="muted">
        {fitting.length === 0
          ? 'No alert of now fits.'
          : `Keeps ${plural(fitting.length, 'alert')} of now quiet:`}
      </p>
      {fitting.slice(0, 5).map((alert) => (
        <LabelChips key={alert.fingerprint} labels={alert.labels} />
      ))}
    </div>
  );
}
