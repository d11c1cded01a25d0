// What is about to be imported: read, checked, and what it asks of the reader.
import { object, objects, text } from '@/dashboards/json';
import { readDashboard } from '@/dashboards/migrate/dashboard';
import { DashboardError } from '@/dashboards/schema';

export interface ImportInput {
  name: string;
  label: string;
  description: string;
  value: string;
}

export interface ImportPreview {
  dashboard: Record<string, unknown>;
  title: string;
  uid: string;
  panels: number;
  variables: number;
  /** Constants to fill in; data sources need no answer, for there is one. */
  inputs: ImportInput[];
}

/** Reads pasted or chosen JSON. What is wrong with it is said in the error. */
export function previewImport(source: string): ImportPreview {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch (error) {
    throw new DashboardError(
      `this is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const read = readDashboard(json);
  const outer = object(json);
  const dashboard = {
    ...(Object.keys(object(outer.dashboard)).length > 0 ? object(outer.dashboard) : outer),
  };
  return {
    dashboard,
    title: read.title,
    uid: text(dashboard.uid),
    panels: read.panels
      .flatMap((panel) => [panel, ...panel.panels])
      .filter(({ type }) => type !== 'row').length,
    variables: read.variables.length,
    inputs: objects(dashboard.__inputs)
      .filter((input) => input.type === 'constant')
      .map((input) => ({
        name: text(input.name),
        label: text(input.label, text(input.name)),
        description: text(input.description),
        value: text(input.value),
      })),
  };
}
