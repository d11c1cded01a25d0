// Dashboards from before Grafana 5 (schema 16) have rows of twelve columns instead of a grid.
import { flag, type Json, number, objects, text } from '../json';
import { GRID_COLUMNS } from '../schema';

const DEFAULT_HEIGHT_PX = 250;
const DEFAULT_SPAN = 4;
/** A grid unit of 30 px and the gap of 8 px below it. */
const UNIT_PX = 38;

/** The panels of all rows with a place in the grid, each row headed by a row panel where rows had titles. */
export function rowsToPanels(source: Json): Json[] {
  const rows = objects(source.rows);
  const headed = rows.some(
    (row) => flag(row.collapse) || flag(row.showTitle) || text(row.repeat) !== '',
  );
  const panels: Json[] = [];
  let y = 0;
  for (const row of rows) {
    const placed = placeRow(row, headed ? y + 1 : y);
    if (headed) {
      const collapsed = flag(row.collapse);
      panels.push({
        type: 'row',
        title: text(row.title),
        repeat: row.repeat,
        collapsed,
        panels: collapsed ? placed.panels : [],
        gridPos: { x: 0, y, w: GRID_COLUMNS, h: 1 },
      });
      y = collapsed ? y + 1 : placed.bottom;
      if (!collapsed) panels.push(...placed.panels);
    } else {
      panels.push(...placed.panels);
      y = placed.bottom;
    }
  }
  return panels;
}

function placeRow(row: Json, top: number): { panels: Json[]; bottom: number } {
  const rowHeight = gridHeight(row.height) ?? gridHeight(DEFAULT_HEIGHT_PX) ?? 7;
  const panels: Json[] = [];
  let x = 0;
  let y = top;
  let lineHeight = 0;
  for (const panel of objects(row.panels)) {
    const w = Math.min(
      GRID_COLUMNS,
      Math.max(1, Math.round((number(panel.span) ?? DEFAULT_SPAN) * 2)),
    );
    const h = gridHeight(panel.height) ?? rowHeight;
    if (x + w > GRID_COLUMNS) {
      y += lineHeight;
      x = 0;
      lineHeight = 0;
    }
    panels.push({ ...panel, ...repeatWidth(panel), gridPos: { x, y, w, h } });
    x += w;
    lineHeight = Math.max(lineHeight, h);
  }
  return { panels, bottom: y + lineHeight };
}

/** The narrowest width of repeated panels became their number beside each other. */
function repeatWidth(panel: Json): Json {
  const minSpan = number(panel.minSpan);
  return minSpan === null || minSpan <= 0
    ? {}
    : { maxPerRow: Math.max(1, Math.floor(12 / minSpan)) };
}

function gridHeight(height: unknown): number | null {
  const px = typeof height === 'string' ? number(height.replace(/px$/, '')) : number(height);
  return px === null ? null : Math.max(2, Math.ceil(px / UNIT_PX));
}
