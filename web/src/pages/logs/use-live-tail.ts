// New records as they arrive, newest first; while paused they are counted and kept back.
import { useEffect, useReducer } from 'react';
import { type LogQuery, type LogRecord, tailLogs } from '@/api/logs';

export interface TailState {
  /** Newest first. */
  records: readonly LogRecord[];
  /** Arrived while paused. */
  waiting: readonly LogRecord[];
  paused: boolean;
  /** Records the server left out because this page was too slow. */
  missed: number;
  connection: 'connecting' | 'open' | 'lost';
}

export type TailAction =
  | { type: 'arrived'; records: readonly LogRecord[] }
  | { type: 'lagged'; missed: number }
  | { type: 'connection'; state: 'open' | 'lost' }
  | { type: 'pause'; paused: boolean }
  | { type: 'reset' };

/** Older records give way: a browser is no archive. */
const MAX_RECORDS = 2000;
const FLUSH_MS = 200;

const EMPTY: TailState = {
  records: [],
  waiting: [],
  paused: false,
  missed: 0,
  connection: 'connecting',
};

export function reduceTail(state: TailState, action: TailAction): TailState {
  switch (action.type) {
    case 'arrived': {
      const newest = [...action.records].reverse();
      if (state.paused)
        return { ...state, waiting: [...newest, ...state.waiting].slice(0, MAX_RECORDS) };
      return { ...state, records: [...newest, ...state.records].slice(0, MAX_RECORDS) };
    }
    case 'lagged':
      return { ...state, missed: state.missed + action.missed };
    case 'connection':
      return { ...state, connection: action.state };
    case 'pause':
      return action.paused
        ? { ...state, paused: true }
        : {
            ...state,
            paused: false,
            waiting: [],
            records: [...state.waiting, ...state.records].slice(0, MAX_RECORDS),
          };
    case 'reset':
      return { ...EMPTY, paused: state.paused };
  }
}

export function useLiveTail(query: LogQuery, enabled: boolean) {
  const [state, dispatch] = useReducer(reduceTail, EMPTY);
  const { query: text, language } = query;
  const filters = JSON.stringify(query.filters);
  useEffect(() => {
    if (!enabled) return;
    // Records come one by one; drawing them in batches keeps the page quick.
    let batch: LogRecord[] = [];
    const timer = setInterval(() => {
      if (batch.length === 0) return;
      dispatch({ type: 'arrived', records: batch });
      batch = [];
    }, FLUSH_MS);
    const stop = tailLogs(
      { query: text, language, filters: JSON.parse(filters) as LogQuery['filters'] },
      {
        onRecord: (record) => batch.push(record),
        onLagged: (missed) => dispatch({ type: 'lagged', missed }),
        onState: (connection) => dispatch({ type: 'connection', state: connection }),
      },
    );
    return () => {
      stop();
      clearInterval(timer);
      dispatch({ type: 'reset' });
    };
  }, [enabled, text, language, filters]);
  return { tail: state, setPaused: (paused: boolean) => dispatch({ type: 'pause', paused }) };
}
