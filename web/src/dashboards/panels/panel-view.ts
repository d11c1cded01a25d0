// What every kind of panel is given to draw.
import type { DataFrame, FieldConfigSource } from '@grafana/data';
import type { ChartExemplar } from '@/charts/plot-hooks';
import type { Scheme } from '@/charts/palette';
import type { ResolvedRange, Zone } from '@/time/time-range';
import type { Panel } from '../schema';

export interface PanelView {
  panel: Panel;
  /** With units, thresholds and overrides applied. */
  frames: DataFrame[];
  fieldConfig: FieldConfigSource;
  exemplars: readonly ChartExemplar[];
  /** Puts variables into a text. */
  interpolate: (text: string) => string;
  range: ResolvedRange;
  zone: Zone;
  scheme: Scheme;
  /** Shared by the panels whose crosshairs move together; null when each has its own. */
  syncKey: string | null;
  onZoom: (startMs: number, endMs: number) => void;
  onReset: () => void;
}
