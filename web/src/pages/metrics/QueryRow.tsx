// One PromQL query: shown or hidden, its text, the name of its series.
import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ApiError } from '@/api/http';
import { PromqlField } from '@/editors/LazyEditor';
import { Icon } from '@/ui/icons';
import type { MetricQuery } from './metrics-state';
import styles from './metrics.module.css';

interface QueryRowProps {
  name: string;
  query: MetricQuery;
  error: unknown;
  only: boolean;
  onChange: (query: MetricQuery) => void;
  onRemove: () => void;
}

export function QueryRow({ name, query, error, only, onChange, onRemove }: QueryRowProps) {
  const [state, setState] = useState({ draft: query.expr, expr: query.expr });
  if (state.expr !== query.expr) setState({ draft: query.expr, expr: query.expr });
  const problem = useMemo(
    () =>
      error instanceof ApiError && error.position !== null && state.draft === query.expr
        ? { position: error.position, message: error.message }
        : null,
    [error, state.draft, query.expr],
  );
  return (
    <div className={styles.query} data-hidden={query.hidden || undefined}>
      <Tooltip label={query.hidden ? `Show ${name}` : `Hide ${name}`}>
        <button
          type="button"
          className={styles.queryName}
          aria-pressed={!query.hidden}
          onClick={() => onChange({ ...query, hidden: !query.hidden })}
        >
          {name}
        </button>
      </Tooltip>
      <PromqlField
        value={state.draft}
        onChange={(draft) => setState({ draft, expr: query.expr })}
        onSubmit={(expr) => onChange({ ...query, expr })}
        problem={problem}
        placeholder="rate(traces_span_metrics_calls_total[1m])   Enter runs, Shift Enter breaks the line   ( / )"
      />
      <TextInput
        className={styles.legend}
        defaultValue={query.legend}
        key={query.legend}
        placeholder="{{label}}"
        aria-label={`Legend of ${name}`}
        title="A name for the series: {{label}} is replaced by the label's value"
        onBlur={(event) => onChange({ ...query, legend: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange({ ...query, legend: event.currentTarget.value });
        }}
      />
      <Tooltip label="Run (Enter)">
        <ActionIcon
          size={30}
          variant={state.draft === query.expr ? 'default' : 'filled'}
          color={state.draft === query.expr ? 'gray' : 'accent'}
          aria-label={`Run ${name}`}
          onClick={() => onChange({ ...query, expr: state.draft })}
        >
          <Icon name="play" size={14} />
        </ActionIcon>
      </Tooltip>
      {!only && (
        <ActionIcon size={30} aria-label={`Remove ${name}`} onClick={onRemove}>
          <Icon name="close" size={14} />
        </ActionIcon>
      )}
    </div>
  );
}
