// The panels in their places, section by section.
import type { CSSProperties } from 'react';
import type { PlacedPanel, Section } from '@/dashboards/layout';
import { type Dashboard, GRID_COLUMNS } from '@/dashboards/schema';
import { interpolate, type Scope } from '@/dashboards/variables/interpolate';
import type { SetUrlState } from '@/router/url-state';
import { Icon } from '@/ui/icons';
import { useSize } from '@/ui/use-size';
import { type DashboardState, isOpen } from './dashboard-state';
import styles from './dashboards.module.css';
import { PanelFrame } from './PanelFrame';

interface DashboardGridProps {
  dashboard: Dashboard;
  sections: readonly Section[];
  state: DashboardState;
  setState: SetUrlState<DashboardState>;
  scope: Scope;
  ready: boolean;
}

export function DashboardGrid({
  dashboard,
  sections,
  state,
  setState,
  scope,
  ready,
}: DashboardGridProps) {
  const [box, { width }] = useSize<HTMLDivElement>();
  const toggle = (key: string) =>
    setState(({ toggled }) => ({
      toggled: toggled.includes(key) ? toggled.filter((other) => other !== key) : [...toggled, key],
    }));
  const alone = sections.flatMap(({ panels }) => panels).find(({ key }) => key === state.viewPanel);
  const frame = (placed: PlacedPanel, single: boolean) => (
    <PanelFrame
      placed={placed}
      dashboard={dashboard}
      scope={scope}
      width={single ? width : (width * placed.pos.w) / GRID_COLUMNS}
      ready={ready}
      alone={single}
    />
  );
  if (alone !== undefined) {
    return (
      <div ref={box} className={styles.alone}>
        {frame(alone, true)}
      </div>
    );
  }
  return (
    <div ref={box}>
      {sections.map((section) => (
        <div key={section.key}>
          {section.row !== null && (
            <RowHead
              title={interpolate(section.row.title, new Map([...scope, ...section.scope]), 'text')}
              count={section.panels.length}
              open={isOpen(section, state)}
              onToggle={() => toggle(section.key)}
            />
          )}
          {isOpen(section, state) && (
            <div
              className={styles.grid}
              style={{ gridTemplateRows: `repeat(${section.height}, 30px)` }}
            >
              {section.panels.map((placed) => (
                <div key={placed.key} className={styles.cell} style={cellStyle(placed)}>
                  {frame(placed, false)}
                </div>
              ))}
            </div>
          )}
        </div>
      ))}
    </div>
  );
}

function cellStyle({ pos }: PlacedPanel): CSSProperties {
  return {
    gridColumn: `${pos.x + 1} / span ${pos.w}`,
    gridRow: `${pos.y + 1} / span ${pos.h}`,
    '--cell-height': `${pos.h * 38 - 8}px`,
  } as CSSProperties;
}

interface RowHeadProps {
  title: string;
  count: number;
  open: boolean;
  onToggle: () => void;
}

function RowHead({ title, count, open, onToggle }: RowHeadProps) {
  return (
    <button type="button" className={styles.row} aria-expanded={open} onClick={onToggle}>
      <Icon name={open ? 'down' : 'right'} size={14} />
      <span>{title === '' ? 'Row' : title}</span>
      {!open && <span className="faint">{count} panels</span>}
    </button>
  );
}
