// The questions a trace search can ask. Each change asks at once; texts after a pause.
import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { operations, services } from '@/api/jaeger';
import type { SetUrlState } from '@/router/url-state';
import { Icon } from '@/ui/icons';
import { durationProblem, LIMITS, type TraceSearchState } from './trace-state';
import styles from './traces.module.css';

interface TraceSearchFormProps {
  state: TraceSearchState;
  onChange: SetUrlState<TraceSearchState>;
  tagsProblem: string | null;
}

export function TraceSearchForm({ state, onChange, tagsProblem }: TraceSearchFormProps) {
  return (
    <div className={styles.form}>
      <ServiceSelects state={state} onChange={onChange} />
      <TextField
        id="trace-tags"
        className={styles.tags}
        label="Tags"
        placeholder="http.response.status_code=500 user_id=u-1010   ( / )"
        value={state.tags}
        error={tagsProblem}
        onChange={(tags) => onChange({ tags }, { replace: true })}
      />
      <TextField
        label="Minimum duration"
        placeholder="min 100ms"
        value={state.minDuration}
        error={durationProblem(state.minDuration)}
        onChange={(minDuration) => onChange({ minDuration }, { replace: true })}
      />
      <TextField
        label="Maximum duration"
        placeholder="max 2s"
        value={state.maxDuration}
        error={durationProblem(state.maxDuration)}
        onChange={(maxDuration) => onChange({ maxDuration }, { replace: true })}
      />
      <Select
        data={LIMITS.map((limit) => ({ value: String(limit), label: `${limit} newest` }))}
        value={String(state.limit)}
        onChange={(limit) => onChange({ limit: Number(limit) })}
        aria-label="Limit"
        allowDeselect={false}
        w={116}
      />
      <Button
        variant={state.errorsOnly ? 'light' : 'default'}
        color={state.errorsOnly ? 'red' : undefined}
        leftSection={<Icon name="error" size={14} />}
        aria-pressed={state.errorsOnly}
        onClick={() => onChange({ errorsOnly: !state.errorsOnly })}
      >
        Errors
      </Button>
    </div>
  );
}

function ServiceSelects({ state, onChange }: Pick<TraceSearchFormProps, 'state' | 'onChange'>) {
  const names = useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => services(signal),
    staleTime: 30_000,
  });
  const operationNames = useQuery({
    queryKey: ['operations', state.service],
    queryFn: ({ signal }) => operations(state.service, signal),
    enabled: state.service !== '',
    placeholderData: undefined,
  });
  return (
    <>
      <Select
        data={names.data ?? []}
        value={state.service === '' ? null : state.service}
        onChange={(service) => onChange({ service: service ?? '', operation: '' })}
        placeholder="Any service"
        aria-label="Service"
        searchable
        clearable
        w={170}
      />
      <Select
        data={operationNames.data ?? []}
        value={state.operation === '' ? null : state.operation}
        onChange={(operation) => onChange({ operation: operation ?? '' })}
        placeholder={state.service === '' ? 'Choose a service first' : 'Any operation'}
        aria-label="Operation"
        disabled={state.service === ''}
        searchable
        clearable
        w={220}
      />
    </>
  );
}

interface TextFieldProps {
  id?: string;
  className?: string | undefined;
  label: string;
  placeholder: string;
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

const IDLE_MS = 350;

function TextField({ label, value, onChange, className, ...rest }: TextFieldProps) {
  const [state, setState] = useState({ draft: value, value });
  if (state.value !== value) setState({ draft: value, value });
  const { draft } = state;
  useEffect(() => {
    if (draft === value) return;
    const timer = setTimeout(() => onChange(draft), IDLE_MS);
    return () => clearTimeout(timer);
  }, [draft, value, onChange]);
  return (
    <TextInput
      {...rest}
      className={className ?? styles.duration ?? ''}
      aria-label={label}
      value={draft}
      onChange={(event) => setState({ draft: event.currentTarget.value, value })}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(draft);
      }}
    />
  );
}
