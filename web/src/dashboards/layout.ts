// Where panels stand: sections headed by rows, repeats drawn out, gaps closed upwards.
import { GRID_COLUMNS, type GridPos, type Panel, type VariableOption } from './schema';
import type { Scope, ScopedValue } from './variables/interpolate';

/** A panel in place; a repeated one with the value it stands for. */
export interface PlacedPanel {
  /** Unique within the dashboard, also among repeats. */
  key: string;
  panel: Panel;
  scope: Scope;
  pos: GridPos;
}

export interface Section {
  key: string;
  /** The row above; the panels before the first row have none. */
  row: Panel | null;
  scope: Scope;
  /** As the dashboard was saved; the reader may open and close it. */
  collapsed: boolean;
  panels: readonly PlacedPanel[];
  /** Grid units the panels take. */
  height: number;
}

/** The options of the named variable that repeats go through; null when there is no such variable. */
export type RepeatValues = (variable: string) => readonly VariableOption[] | null;

const NO_SCOPE: Scope = new Map();

export function layOut(panels: readonly Panel[], valuesOf: RepeatValues): Section[] {
  return splitByRows(panels).flatMap(({ row, panels: own }) => {
    if (row?.repeat == null) return [section(row, own, NO_SCOPE, '', valuesOf)];
    const { repeat } = row;
    const values = valuesOf(repeat);
    if (values === null || values.length === 0) return [section(row, own, NO_SCOPE, '', valuesOf)];
    return values.map((value) =>
      section(row, own, scopeFor(repeat, value), `${repeat}=${value.value}`, valuesOf),
    );
  });
}

interface RawSection {
  row: Panel | null;
  panels: Panel[];
}

/** A collapsed row holds its panels; an open one is followed by them. */
function splitByRows(panels: readonly Panel[]): RawSection[] {
  const sections: RawSection[] = [];
  for (const panel of panels) {
    if (panel.type === 'row') sections.push({ row: panel, panels: [...panel.panels] });
    else {
      if (sections.length === 0) sections.push({ row: null, panels: [] });
      sections.at(-1)?.panels.push(panel);
    }
  }
  return sections;
}

function section(
  row: Panel | null,
  panels: readonly Panel[],
  scope: Scope,
  suffix: string,
  valuesOf: RepeatValues,
): Section {
  const placed = compact(spreadRepeats(panels, scope, suffix, valuesOf));
  return {
    key: row === null ? 'top' : keyOf(row, suffix),
    row,
    scope,
    collapsed: row?.collapsed ?? false,
    panels: placed,
    height: Math.max(0, ...placed.map(({ pos }) => pos.y + pos.h)),
  };
}

const keyOf = (panel: Panel, suffix: string) =>
  suffix === '' ? String(panel.id) : `${panel.id}-${suffix}`;

function scopeFor(variable: string, option: VariableOption): Scope {
  const value: ScopedValue = {
    values: [option.value],
    texts: [option.text],
    severalPossible: true,
  };
  return new Map([[variable, value]]);
}

/** Draws out repeated panels; those below move down by what the repeats need. */
function spreadRepeats(
  panels: readonly Panel[],
  scope: Scope,
  suffix: string,
  valuesOf: RepeatValues,
): PlacedPanel[] {
  const placed: PlacedPanel[] = [];
  let pushed = 0;
  for (const panel of [...panels].sort(
    (a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x,
  )) {
    const pos = { ...panel.gridPos, y: panel.gridPos.y + pushed };
    const values = panel.repeat === null ? null : valuesOf(panel.repeat);
    if (panel.repeat === null || values === null || values.length === 0) {
      placed.push({ key: keyOf(panel, suffix), panel, scope, pos });
      continue;
    }
    const copies = repeatPositions(panel, pos, values.length);
    values.forEach((value, index) => {
      const own = new Map([...scope, ...scopeFor(panel.repeat ?? '', value)]);
      const key = keyOf(
        panel,
        [suffix, `${panel.repeat ?? ''}=${value.value}`].filter((part) => part !== '').join(','),
      );
      placed.push({ key, panel, scope: own, pos: copies[index] ?? pos });
    });
    pushed += Math.max(...copies.map((copy) => copy.y + copy.h)) - (pos.y + pos.h);
  }
  return placed;
}

function repeatPositions(panel: Panel, pos: GridPos, count: number): GridPos[] {
  if (panel.repeatDirection === 'v') {
    return Array.from({ length: count }, (_, index) => ({ ...pos, y: pos.y + index * pos.h }));
  }
  const perRow = Math.min(count, Math.max(1, panel.maxPerRow));
  const w = Math.floor(GRID_COLUMNS / perRow);
  return Array.from({ length: count }, (_, index) => ({
    x: (index % perRow) * w,
    y: pos.y + Math.floor(index / perRow) * pos.h,
    w,
    h: pos.h,
  }));
}

/** Moves every panel up until it meets another or the top. */
export function compact(panels: readonly PlacedPanel[]): PlacedPanel[] {
  const tops = new Array<number>(GRID_COLUMNS).fill(0);
  return [...panels]
    .sort((a, b) => a.pos.y - b.pos.y || a.pos.x - b.pos.x)
    .map((placed) => {
      const { x, w, h } = placed.pos;
      const y = Math.max(0, ...tops.slice(x, x + w));
      tops.fill(y + h, x, x + w);
      return { ...placed, pos: { x, y, w, h } };
    });
}
