// Every dashboard of the shared corpora is read, resolved and laid out. Without the corpora only the skip is seen.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { layOut } from './layout';
import { readDashboard } from './migrate/dashboard';
import { datasourceKind } from './migrate/target';
import { GRID_COLUMNS, type Panel } from './schema';
import { interpolate, referencedNames } from './variables/interpolate';
import { repeatValues, resolveVariables, scopeOf } from './variables/resolve';

const corpora =
  process.env.SIGHTGLASS_CORPORA ??
  fileURLToPath(new URL('../../../../shared/corpora', import.meta.url));
const root = join(corpora, 'grafana-dashboards');
const files = existsSync(root)
  ? readdirSync(root).flatMap((folder) =>
      readdirSync(join(root, folder)).map((file) => join(folder, file)),
    )
  : [];
const dashboards = files
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    file,
    json: JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>,
  }))
  .filter(({ json }) => 'panels' in json || 'rows' in json);

const own = fileURLToPath(new URL('../../../crates/ui/dashboards', import.meta.url));
const preloaded = (existsSync(own) ? readdirSync(own) : []).map((file) => ({
  file,
  json: JSON.parse(readFileSync(join(own, file), 'utf8')) as Record<string, unknown>,
}));

const everyPanel = (panels: readonly Panel[]): Panel[] =>
  panels.flatMap((panel) => [panel, ...everyPanel(panel.panels)]);

async function check(json: Record<string, unknown>) {
  const dashboard = readDashboard(json);
  const range = { startMs: 0, endMs: 3_600_000 };
  const states = await resolveVariables(dashboard.variables, {
    chosen: new Map(),
    range,
    ask: () =>
      Promise.resolve(['alpha{instance="a:1",job="x"} 1', 'beta{instance="b:2",job="y"} 2']),
  });
  const sections = layOut(dashboard.panels, (name) => {
    const state = states.find(({ variable }) => variable.name === name);
    return state === undefined ? null : repeatValues(state);
  });
  for (const { panels } of sections) {
    for (const { pos } of panels) {
      expect(pos.x + pos.w).toBeLessThanOrEqual(GRID_COLUMNS);
      expect(pos.y).toBeGreaterThanOrEqual(0);
    }
    expect(overlaps(panels.map(({ pos }) => pos))).toBe(false);
  }
  return { dashboard, states, sections, panels: everyPanel(dashboard.panels) };
}

function overlaps(places: readonly { x: number; y: number; w: number; h: number }[]): boolean {
  return places.some((a, index) =>
    places
      .slice(index + 1)
      .some((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h),
  );
}

describe.skipIf(dashboards.length === 0)('the corpora', () => {
  it.each(dashboards)('$file', async ({ json }) => {
    const { panels, sections } = await check(json);
    expect(panels.length).toBeGreaterThan(0);
    expect(sections.length).toBeGreaterThan(0);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('lose nothing of node-exporter-full', async () => {
    const found = dashboards.find(
      ({ file }) => file === 'rfmoz__grafana-dashboards/node-exporter-full.json',
    );
    const { dashboard, states, sections, panels } = await check(found!.json);
    expect(sections.map(({ row }) => row?.title)).toHaveLength(16);
    expect(panels.filter(({ type }) => type !== 'row').length).toBeGreaterThan(100);
    const scope = scopeOf(states);
    const known = new Set(['__rate_interval', '__interval', ...scope.keys()]);
    for (const panel of panels) {
      for (const target of panel.targets) {
        expect(datasourceKind(target.datasource, panel.datasource, dashboard.variables).kind).toBe(
          'prometheus',
        );
        const left = referencedNames(interpolate(target.expr, scope, 'promql')).filter(
          (name) => !known.has(name),
        );
        expect(left).toEqual([]);
      }
    }
  });
});

describe.skipIf(preloaded.length === 0)('the preloaded dashboards', () => {
  it.each(preloaded)('$file', async ({ json }) => {
    const { panels } = await check(json);
    const drawn = new Set([
      'row',
      'timeseries',
      'stat',
      'gauge',
      'bargauge',
      'table',
      'text',
      'piechart',
    ]);
    expect(panels.filter(({ type }) => !drawn.has(type))).toEqual([]);
    expect(typeof json.uid).toBe('string');
  });
});
