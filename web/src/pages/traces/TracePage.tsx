// One trace: its waterfall, one span beside, and its logs.
import { TextInput, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { trace as fetchTrace } from '@/api/jaeger';
import { usePageTitle } from '@/app/page-title';
import { seriesColors } from '@/charts/palette';
import { type SetUrlState, useUrlState } from '@/router/url-state';
import { EmptyState } from '@/ui/EmptyState';
import { SkeletonRows } from '@/ui/Skeleton';
import { SplitPane } from '@/ui/SplitPane';
import { Tabs } from '@/ui/Tabs';
import { criticalPath } from './critical-path';
import { Minimap } from './Minimap';
import { SpanDetail } from './SpanDetail';
import { buildTrace, findSpans, type Span, type Trace, visibleSpans } from './trace-model';
import { type TraceView, traceViewCodec } from './trace-view';
import { TraceHeader } from './TraceHeader';
import { TraceLogsTab } from './TraceLogsTab';
import styles from './traces.module.css';
import { useTraceLogs } from './use-trace-logs';
import { useWaterfallKeys } from './use-waterfall-keys';
import { Waterfall } from './Waterfall';

export default function TracePage({ params }: { params: Record<string, string> }) {
  const traceId = params.traceId ?? '';
  const { data, error, isPending } = useQuery({
    queryKey: ['trace', traceId],
    queryFn: ({ signal }) => fetchTrace(traceId, signal),
    placeholderData: undefined,
  });
  const trace = useMemo(() => (data == null ? null : buildTrace(data)), [data]);
  const root = trace?.spans[0];
  const name = root === undefined ? traceId.slice(0, 16) : `${root.service}: ${root.operation}`;
  usePageTitle([{ text: 'Traces', to: '/traces' }, { text: name }]);
  if (isPending) return <SkeletonRows rows={24} />;
  if (trace === null || trace.spans.length === 0) {
    return (
      <EmptyState icon="traces" title="This trace is not stored">
        {error instanceof Error && !/not found/i.test(error.message)
          ? error.message
          : `No span with the trace id ${traceId} has arrived, or it is older than the retention.`}
      </EmptyState>
    );
  }
  return <LoadedTrace trace={trace} />;
}

function LoadedTrace({ trace }: { trace: Trace }) {
  const [view, setView] = useUrlState(traceViewCodec);
  const colors = useServiceColors(trace);
  const logs = useTraceLogs(trace);
  const selected = trace.spans.find((span) => span.id === view.span) ?? null;
  const toggle = (id: string) =>
    setView({ span: id === view.span ? null : id }, { replace: view.span !== null });
  const side = selected !== null && (
    <SpanDetail
      trace={trace}
      span={selected}
      logs={logs.records}
      onClose={() => setView({ span: null })}
    />
  );
  return (
    <div className={styles.page}>
      <TraceHeader trace={trace} colors={colors} />
      <Minimap
        trace={trace}
        colors={colors}
        window={view.window}
        onWindow={(window) => setView({ window }, { replace: true })}
      />
      <TraceTabs trace={trace} view={view} setView={setView} logCount={logs.records.length} />
      <SplitPane name="span" side={side || null} defaultWidth={420}>
        {view.tab === 'spans' ? (
          <SpansTab {...{ trace, view, setView, colors, selected }} onSelect={toggle} />
        ) : (
          <TraceLogsTab logs={logs} onSpan={toggle} />
        )}
      </SplitPane>
    </div>
  );
}

function useServiceColors(trace: Trace): ReadonlyMap<string, string> {
  const scheme = useComputedColorScheme('dark');
  return useMemo(
    () =>
      seriesColors(
        trace.services.map(({ name }) => name),
        scheme,
      ),
    [trace, scheme],
  );
}

interface ViewProps {
  trace: Trace;
  view: TraceView;
  setView: SetUrlState<TraceView>;
}

function TraceTabs({ trace, view, setView, logCount }: ViewProps & { logCount: number }) {
  const found = useMemo(() => findSpans(trace.spans, view.find), [trace, view.find]);
  return (
    <Tabs
      tabs={[
        { id: 'spans', title: 'Waterfall', count: trace.spans.length },
        { id: 'logs', title: 'Logs', count: logCount },
      ]}
      active={view.tab}
      onSelect={(tab) => setView({ tab }, { replace: true })}
      aside={
        <TextInput
          id="trace-find"
          placeholder="Find in the trace   ( / )"
          aria-label="Find in the trace"
          w={240}
          value={view.find}
          rightSection={found === null ? null : <span className="faint">{found.size}</span>}
          onChange={(event) => setView({ find: event.currentTarget.value }, { replace: true })}
        />
      }
    />
  );
}

interface SpansTabProps extends ViewProps {
  colors: ReadonlyMap<string, string>;
  selected: Span | null;
  onSelect: (id: string) => void;
}

function SpansTab({ trace, view, setView, colors, selected, onSelect }: SpansTabProps) {
  const critical = useMemo(() => criticalPath(trace.spans), [trace]);
  const found = useMemo(() => findSpans(trace.spans, view.find), [trace, view.find]);
  const collapsed = useMemo(() => new Set(view.collapsed), [view.collapsed]);
  const spans = useMemo(() => visibleSpans(trace.spans, collapsed), [trace, collapsed]);
  const fold = (id: string) =>
    setView((before) => ({ collapsed: toggled(before.collapsed, id) }), { replace: true });
  useWaterfallKeys({
    spans,
    selected,
    collapsed,
    onSelect: (id) => setView({ span: id }, { replace: true }),
    onFold: fold,
  });
  return (
    <Waterfall
      spans={spans}
      durationUs={trace.durationUs}
      window={view.window}
      colors={colors}
      critical={critical}
      selected={view.span}
      collapsed={collapsed}
      found={found}
      onSelect={onSelect}
      onFold={fold}
    />
  );
}

function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}
