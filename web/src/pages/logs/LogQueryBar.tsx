// The query of logs: its language, its text, earlier queries, and following what arrives.
import { ActionIcon, Button, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { ApiError } from '@/api/http';
import type { Language } from '@/api/logs';
import { Latest } from '@/charts/hover';
import { LogQueryField } from '@/editors/LazyEditor';
import { LIVE, OFF } from '@/time/refresh';
import { useTime } from '@/time/TimeContext';
import { Icon } from '@/ui/icons';
import styles from './logs.module.css';
import { recentQueries, rememberQuery } from './query-history';
import { vocabularyOf } from './vocabulary';

interface LogQueryBarProps {
  query: string;
  language: Language;
  error: unknown;
  /** `final` when the query was run by hand, not while it was written. */
  onQuery: (query: string, final: boolean) => void;
  onLanguage: (language: Language) => void;
}

/** A pause in writing this long runs the query. */
const IDLE_MS = 400;

export function LogQueryBar({ query, language, error, onQuery, onLanguage }: LogQueryBarProps) {
  const { refresh, setRefresh } = useTime();
  const { draft, setDraft } = useDraft(query, onQuery);
  const vocabulary = useVocabulary();
  const live = refresh.name === LIVE.name;
  const problem = useMemo(
    () =>
      error instanceof ApiError && error.position !== null && draft === query
        ? { position: error.position, message: error.message }
        : null,
    [error, draft, query],
  );
  const run = (text: string) => {
    rememberQuery(text);
    setDraft(text);
    onQuery(text, true);
  };
  return (
    <div className={styles.queryBar}>
      <SegmentedControl
        value={language}
        onChange={(value) => onLanguage(value)}
        data={[
          { value: 'kql', label: 'KQL' },
          { value: 'lucene', label: 'Lucene' },
        ]}
        aria-label="Query language"
      />
      <LogQueryField
        value={draft}
        queryLanguage={language}
        vocabulary={vocabulary}
        onChange={setDraft}
        onSubmit={run}
        problem={problem}
        placeholder={PLACEHOLDERS[language]}
      />
      <HistoryMenu onChoose={run} />
      <Button
        variant={live ? 'filled' : 'default'}
        leftSection={<Icon name={live ? 'stop' : 'play'} size={14} />}
        onClick={() => setRefresh(live ? OFF : LIVE)}
      >
        Live
      </Button>
    </div>
  );
}

const PLACEHOLDERS: Readonly<Record<Language, string>> = {
  kql: 'severity:error and service.name:payment, or any words   ( / )',
  lucene: 'severity:error AND service.name:payment, or any words   ( / )',
};

/** What is being written; it becomes the query after a pause. */
function useDraft(query: string, onQuery: LogQueryBarProps['onQuery']) {
  const [state, setState] = useState({ draft: query, query });
  if (state.query !== query) setState({ draft: query, query });
  const { draft } = state;
  useEffect(() => {
    if (draft === query) return;
    const timer = setTimeout(() => onQuery(draft, false), IDLE_MS);
    return () => clearTimeout(timer);
  }, [draft, query, onQuery]);
  return { draft, setDraft: (text: string) => setState((before) => ({ ...before, draft: text })) };
}

function useVocabulary() {
  const { resolved } = useTime();
  const [latest] = useState(() => new Latest(resolved));
  useEffect(() => latest.set(resolved));
  return useMemo(() => vocabularyOf(() => latest.get()), [latest]);
}

function HistoryMenu({ onChoose }: { onChoose: (query: string) => void }) {
  const [queries, setQueries] = useState<string[]>([]);
  return (
    <Menu position="bottom-end" onOpen={() => setQueries(recentQueries())}>
      <Menu.Target>
        <Tooltip label="Earlier queries">
          <ActionIcon size={30} variant="default" aria-label="Earlier queries">
            <Icon name="history" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown maw={520}>
        {queries.length === 0 && <Menu.Label>Queries you run are kept here</Menu.Label>}
        {queries.slice(0, 15).map((query) => (
          <Menu.Item key={query} onClick={() => onChoose(query)}>
            <span className="mono truncate" style={{ display: 'block' }}>
              {query}
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
