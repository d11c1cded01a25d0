// Reads a dashboard's JSON, whatever Grafana (schema 8 and later) wrote it.
import { DashboardError, type Dashboard, type DashboardLink, type Panel } from '../schema';
import { flag, isObject, type Json, list, number, object, objects, strings, text } from '../json';
import { migratePanel } from './panel';
import { rowsToPanels } from './rows';
import { readVariables } from './variables';

export function readDashboard(json: unknown): Dashboard {
  // Exports of the HTTP API wrap the dashboard.
  const outer = object(json);
  const source = isObject(outer.dashboard) ? outer.dashboard : outer;
  if (isObject(source.spec) && text(source.apiVersion).startsWith('dashboard.grafana.app/v2')) {
    throw new DashboardError(
      'this is Grafana’s version 2 resource format: export it with the classic model',
    );
  }
  if (!Array.isArray(source.panels) && !Array.isArray(source.rows)) {
    throw new DashboardError(
      'this JSON has neither panels nor rows, so it is no Grafana dashboard',
    );
  }
  const time = object(source.time);
  const tooltip = number(source.graphTooltip) ?? (flag(source.sharedCrosshair) ? 1 : 0);
  return {
    title: text(source.title, 'Untitled'),
    description: text(source.description),
    tags: strings(source.tags),
    links: objects(source.links).map(readLink),
    variables: readVariables(source),
    panels: readPanels(source),
    time:
      time.from === undefined
        ? null
        : { from: text(time.from, 'now-6h'), to: text(time.to, 'now') },
    refresh: text(source.refresh),
    graphTooltip: tooltip === 2 ? 2 : tooltip === 1 ? 1 : 0,
    timezone: text(source.timezone),
    schemaVersion: number(source.schemaVersion) ?? 0,
  };
}

function readPanels(source: Json): Panel[] {
  const raw =
    Array.isArray(source.panels) && source.panels.length > 0
      ? objects(source.panels)
      : rowsToPanels(source);
  const panels = raw
    .map(migratePanel)
    .sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  return withIds(panels);
}

/** Panels without an id of their own, or with one that is taken, get a new one: addresses name panels by it. */
function withIds(panels: readonly Panel[]): Panel[] {
  const all = panels.flatMap((panel) => [panel, ...panel.panels]);
  let next = Math.max(0, ...all.map(({ id }) => id));
  const taken = new Set<number>();
  const unique = (panel: Panel): Panel => {
    const id = panel.id > 0 && !taken.has(panel.id) ? panel.id : ++next;
    taken.add(id);
    return { ...panel, id, panels: panel.panels.map(unique) };
  };
  return panels.map(unique);
}

function readLink(link: Json): DashboardLink {
  return {
    title: text(link.title),
    type: link.type === 'dashboards' ? 'dashboards' : 'link',
    url: text(link.url),
    tags:
      list(link.tags).length > 0
        ? strings(link.tags)
        : text(link.tag) === ''
          ? []
          : [text(link.tag)],
    tooltip: text(link.tooltip),
    targetBlank: flag(link.targetBlank),
    includeVars: flag(link.includeVars),
    keepTime: flag(link.keepTime),
  };
}
