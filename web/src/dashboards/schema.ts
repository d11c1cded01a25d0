// A dashboard as the engine works with it: Grafana's JSON of any age, brought to one shape.
import type { DataTransformerConfig, FieldConfigSource } from '@grafana/data';
import type { RawRange } from '@/time/time-range';
import type { Json } from './json';

export interface Dashboard {
  title: string;
  description: string;
  tags: readonly string[];
  links: readonly DashboardLink[];
  variables: readonly Variable[];
  /** Rows and panels in reading order; the panels of a collapsed row lie inside it. */
  panels: readonly Panel[];
  time: RawRange | null;
  refresh: string;
  /** Whether panels share crosshair (1) and tooltip (2). */
  graphTooltip: 0 | 1 | 2;
  timezone: string;
  /** The schema the JSON was written in, before migration. */
  schemaVersion: number;
}

export interface DashboardLink {
  title: string;
  type: 'link' | 'dashboards';
  url: string;
  tags: readonly string[];
  tooltip: string;
  targetBlank: boolean;
  includeVars: boolean;
  keepTime: boolean;
}

/** Place in a grid of 24 columns; a unit of height is 30 px and a gap. */
export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface DatasourceRef {
  type: string | null;
  uid: string | null;
}

export interface Target {
  refId: string;
  expr: string;
  /** Empty for the whole series, `__auto` for the labels that differ, else a pattern with `{{label}}`. */
  legend: string;
  format: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
  /** The smallest step, as a duration. */
  interval: string;
  /** Divides the resolution, in dashboards from before 2020. */
  intervalFactor: number;
  hidden: boolean;
  exemplar: boolean;
  datasource: DatasourceRef | null;
  /** For the data source `-- Dashboard --`: the panel whose queries are shown. */
  panelId: number | null;
}

export interface PanelLink {
  title: string;
  url: string;
  targetBlank: boolean;
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  gridPos: GridPos;
  transparent: boolean;
  datasource: DatasourceRef | null;
  targets: readonly Target[];
  fieldConfig: FieldConfigSource;
  options: Json;
  transformations: readonly DataTransformerConfig[];
  links: readonly PanelLink[];
  /** The smallest step of the queries, as a duration. */
  interval: string;
  maxDataPoints: number | null;
  timeFrom: string;
  timeShift: string;
  repeat: string | null;
  repeatDirection: 'h' | 'v';
  maxPerRow: number;
  collapsed: boolean;
  /** Of a collapsed row. */
  panels: readonly Panel[];
}

export type VariableType =
  'query' | 'custom' | 'interval' | 'textbox' | 'constant' | 'datasource' | 'adhoc';

export interface VariableOption {
  text: string;
  value: string;
}

export interface Variable {
  name: string;
  label: string;
  description: string;
  type: VariableType;
  query: string;
  regex: string;
  multi: boolean;
  includeAll: boolean;
  /** What All stands for; all options when empty. */
  allValue: string;
  /** Grafana's numbers: 0 none, then alphabetical, numerical, case-insensitive, natural, each up and down. */
  sort: number;
  /** 0 and 1: once; 2: whenever the time range changes. */
  refresh: number;
  /** 1 hides the label, 2 the variable. */
  hide: number;
  /** The values saved with the dashboard. */
  current: readonly string[];
  options: readonly VariableOption[];
  /** Of an interval: whether, and how finely, a width is chosen by the range. */
  auto: boolean;
  autoCount: number;
  autoMin: string;
}

/** The value that stands for all options, in addresses and in saved dashboards. */
export const ALL = '$__all';
export const GRID_COLUMNS = 24;

/** A dashboard that cannot be read, and why. */
export class DashboardError extends Error {}
