// The spans of a trace as bars in time, indented as a tree; only rows in sight are drawn.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, memo, useEffect, useRef } from 'react';
import { formatDuration } from '@/time/format-time';
import { Icon } from '@/ui/icons';
import type { Segment } from './critical-path';
import type { Span } from './trace-model';
import { barIn, rulerTicks, type Window } from './trace-view';
import styles from './traces.module.css';

interface WaterfallProps {
  spans: readonly Span[];
  durationUs: number;
  window: Window;
  colors: ReadonlyMap<string, string>;
  critical: ReadonlyMap<string, readonly Segment[]>;
  selected: string | null;
  collapsed: ReadonlySet<string>;
  found: ReadonlySet<string> | null;
  onSelect: (id: string) => void;
  onFold: (id: string) => void;
}

const ROW_HEIGHT = 28;

export function Waterfall(props: WaterfallProps) {
  const { spans, durationUs, window: view, selected, collapsed, found } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: spans.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 24,
  });
  const at = spans.findIndex((span) => span.id === selected);
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at);
  }, [at, rows]);
  return (
    <div ref={scroller} className={styles.waterfall} role="treegrid" aria-label="Spans">
      <Ruler window={view} durationUs={durationUs} />
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const span = spans[index];
          if (span === undefined) return null;
          return (
            <SpanRow
              key={span.id}
              span={span}
              top={start}
              durationUs={durationUs}
              window={view}
              color={props.colors.get(span.service) ?? 'var(--accent)'}
              critical={props.critical.get(span.id)}
              selected={span.id === selected}
              folded={collapsed.has(span.id)}
              dimmed={found !== null && !found.has(span.id)}
              onSelect={props.onSelect}
              onFold={props.onFold}
            />
          );
        })}
      </div>
    </div>
  );
}

function Ruler({ window: view, durationUs }: { window: Window; durationUs: number }) {
  return (
    <div className={styles.ruler}>
      <span className={styles.rulerTitle}>Service and operation</span>
      <div className={styles.rulerTicks}>
        {rulerTicks(view, durationUs, 6).map((tick) => (
          <span key={tick} style={{ left: `${barIn(view, durationUs, tick, 0).left}%` }}>
            {formatDuration(tick / 1000)}
          </span>
        ))}
      </div>
    </div>
  );
}

interface SpanRowProps {
  span: Span;
  top: number;
  durationUs: number;
  window: Window;
  color: string;
  critical: readonly Segment[] | undefined;
  selected: boolean;
  folded: boolean;
  dimmed: boolean;
  onSelect: (id: string) => void;
  onFold: (id: string) => void;
}

const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { span, top, color, selected, folded, dimmed, onSelect, onFold } = props;
  return (
    <div
      className={styles.spanRow}
      role="row"
      aria-level={span.depth + 1}
      aria-selected={selected}
      aria-expanded={span.childCount > 0 ? !folded : undefined}
      data-dimmed={dimmed || undefined}
      style={{ transform: `translateY(${top}px)`, '--series': color } as CSSProperties}
      onClick={() => onSelect(span.id)}
    >
      <div className={styles.spanName} style={{ paddingLeft: 8 + Math.min(span.depth, 24) * 14 }}>
        {span.childCount > 0 ? (
          <button
            type="button"
            className={styles.fold}
            aria-label={folded ? 'Unfold' : 'Fold'}
            onClick={(event) => {
              event.stopPropagation();
              onFold(span.id);
            }}
          >
            <Icon name={folded ? 'right' : 'down'} size={12} />
          </button>
        ) : (
          <span className={styles.leaf} />
        )}
        <span className={styles.serviceBar} />
        <strong className={styles.root}>{span.service}</strong>
        <span className="truncate muted">{span.operation}</span>
        {folded && <span className="faint">+{span.descendants}</span>}
        {span.error && <Icon name="error" size={14} className={styles.errorMark} />}
      </div>
      <SpanBar {...props} />
    </div>
  );
});

function SpanBar({ span, window: view, durationUs, critical }: SpanRowProps) {
  const bar = barIn(view, durationUs, span.startUs, span.durationUs);
  const end = bar.left + bar.width;
  const label = formatDuration(span.durationUs / 1000);
  const inside = end >= 82 && bar.left <= 18;
  const side =
    end < 82
      ? { left: `calc(${Math.max(0, end)}% + 6px)` }
      : bar.left > 18
        ? { right: `calc(${100 - bar.left}% + 6px)` }
        : { right: `calc(${Math.max(0, 100 - end)}% + 6px)` };
  return (
    <div className={styles.track}>
      <div
        className={styles.bar}
        data-error={span.error || undefined}
        style={{ left: `${bar.left}%`, width: `max(2px, ${bar.width}%)` }}
      />
      {critical?.map((segment) => {
        const part = barIn(view, durationUs, segment.startUs, segment.endUs - segment.startUs);
        return (
          <div
            key={segment.startUs}
            className={styles.critical}
            style={{ left: `${part.left}%`, width: `${part.width}%` }}
          />
        );
      })}
      {span.events.map((event, index) => (
        <div
          key={index}
          className={styles.event}
          title={event.name}
          style={{ left: `${barIn(view, durationUs, event.timeUs, 0).left}%` }}
        />
      ))}
      <span className={styles.barLabel} data-inside={inside || undefined} style={side}>
        {label}
      </span>
    </div>
  );
}
