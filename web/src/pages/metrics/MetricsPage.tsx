// The metrics page: queries, their chart or table, and the browser of metrics.
import { Button, SegmentedControl, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { usePageTitle } from '@/app/page-title';
import { useShortcuts } from '@/app/shortcuts';
import { focusQuery } from '@/editors/LazyEditor';
import { useUrlState } from '@/router/url-state';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/icons';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Panel';
import { QueryProgress } from '@/ui/QueryProgress';
import { InstantTable } from './InstantTable';
import { MetricBrowser } from './MetricBrowser';
import {
  type MetricQuery,
  metricsCodec,
  type MetricsState,
  NO_QUERY,
  queryName,
} from './metrics-state';
import styles from './metrics.module.css';
import { MetricsChart } from './MetricsChart';
import { QueryRow } from './QueryRow';
import { type MetricResults, useMetricQueries } from './use-metric-queries';

export default function MetricsPage() {
  usePageTitle([{ text: 'Metrics' }]);
  const [state, setState] = useUrlState(metricsCodec);
  const answers = useMetricQueries(state);
  const client = useQueryClient();
  useShortcuts([{ key: '/', description: 'Write the query', run: focusQuery }]);
  const { queries } = state;
  const replace = (index: number, query: MetricQuery) =>
    setState({ queries: queries.map((other, at) => (at === index ? query : other)) });
  return (
    <div className={styles.page}>
      {state.browser && (
        <MetricBrowser onQuery={(expr) => setState({ queries: withQuery(queries, expr) })} />
      )}
      <div className={styles.main}>
        <div className={styles.queries}>
          {queries.map((query, index) => (
            <QueryRow
              key={index}
              name={queryName(index)}
              query={query}
              error={answers.results[index]?.error ?? null}
              only={queries.length === 1}
              onChange={(next) => replace(index, next)}
              onRemove={() => setState({ queries: queries.filter((_query, at) => at !== index) })}
            />
          ))}
          <div className={styles.controls}>
            <Controls state={state} onChange={setState} />
            <span className={styles.running}>
              <QueryProgress
                running={answers.fetching}
                onStop={() => void client.cancelQueries({ queryKey: ['metrics'] })}
              />
            </span>
          </div>
        </div>
        <div className={styles.results}>
          <Problems answers={answers} />
          <Results state={state} answers={answers} onBrowse={() => setState({ browser: true })} />
        </div>
      </div>
    </div>
  );
}

/** A query from the browser takes an empty place, or the last one. */
function withQuery(queries: readonly MetricQuery[], expr: string): MetricQuery[] {
  const empty = queries.findIndex((query) => query.expr === '');
  const at = empty >= 0 ? empty : queries.length - 1;
  return queries.map((query, index) => (index === at ? { ...query, expr, legend: '' } : query));
}

interface ControlsProps {
  state: MetricsState;
  onChange: (change: Partial<MetricsState>) => void;
}

function Controls({ state, onChange }: ControlsProps) {
  return (
    <>
      <Button
        variant={state.browser ? 'light' : 'default'}
        leftSection={<Icon name="search" size={14} />}
        onClick={() => onChange({ browser: !state.browser })}
      >
        Browse metrics
      </Button>
      <Button
        leftSection={<Icon name="plus" size={14} />}
        onClick={() => onChange({ queries: [...state.queries, NO_QUERY] })}
      >
        Query
      </Button>
      <SegmentedControl
        value={state.view}
        onChange={(view) => onChange({ view: view === 'table' ? 'table' : 'chart' })}
        data={[
          { value: 'chart', label: 'Chart' },
          { value: 'table', label: 'Table' },
        ]}
        aria-label="View"
      />
      {state.view === 'chart' && (
        <>
          <Toggle
            on={state.stacked}
            label="Stack"
            hint="Add the series up"
            onChange={(stacked) => onChange({ stacked })}
          />
          <Toggle
            on={state.exemplars}
            label="Exemplars"
            hint="Points that lead to traces, on queries of histograms"
            onChange={(exemplars) => onChange({ exemplars })}
          />
        </>
      )}
    </>
  );
}

interface ToggleProps {
  on: boolean;
  label: string;
  hint: string;
  onChange: (on: boolean) => void;
}

function Toggle({ on, label, hint, onChange }: ToggleProps) {
  return (
    <Tooltip label={hint}>
      <Button variant={on ? 'light' : 'default'} aria-pressed={on} onClick={() => onChange(!on)}>
        {label}
      </Button>
    </Tooltip>
  );
}

function Problems({ answers }: { answers: MetricResults }) {
  return (
    <>
      {answers.results.map(({ error, query, answer }, index) => (
        <div key={index} className={styles.problems}>
          {error != null && <ErrorNotice error={error} query={query.expr} />}
          {[...(answer?.warnings ?? []), ...(answer?.infos ?? [])].map((warning) => (
            <Notice key={warning} tone="warning" title={warning} />
          ))}
        </div>
      ))}
    </>
  );
}

interface ResultsProps {
  state: MetricsState;
  answers: MetricResults;
  onBrowse: () => void;
}

function Results({ state, answers, onBrowse }: ResultsProps) {
  if (state.queries.every(({ expr }) => expr.trim() === '')) {
    return (
      <EmptyState icon="metrics" title="Write a query, or begin with a metric">
        <Button variant="filled" onClick={onBrowse}>
          Browse metrics
        </Button>
      </EmptyState>
    );
  }
  if (state.view === 'chart') return <MetricsChart answers={answers} stacked={state.stacked} />;
  return (
    <>
      {answers.results.map(
        (result, index) =>
          !result.query.hidden &&
          result.query.expr !== '' && (
            <Panel
              key={index}
              title={`${queryName(index)}  ${result.query.expr}`}
              stale={result.stale}
            >
              <InstantTable result={result} />
            </Panel>
          ),
      )}
    </>
  );
}
