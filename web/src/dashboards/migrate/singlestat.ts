// Singlestat, until Grafana 7, as a stat or, where it drew one, a gauge.
import { flag, type Json, number, object, text } from '../json';
import { legacyMappings, legacyThresholds } from './field-config';
import { calcName } from './field-options';

export function singleStatToStat(panel: Json): Json {
  const gauge = object(panel.gauge);
  const isGauge = flag(gauge.show);
  const thresholds = legacyThresholds(panel.thresholds, panel.colors);
  const colored = flag(panel.colorBackground) || flag(panel.colorValue);
  const name = text(panel.valueName, 'avg');
  const column = text(panel.tableColumn);
  return {
    ...panel,
    type: isGauge ? 'gauge' : 'stat',
    fieldConfig: {
      defaults: {
        unit: text(panel.format, 'none'),
        decimals: number(panel.decimals) ?? undefined,
        mappings: legacyMappings(panel),
        noValue: text(panel.nullText) === '' ? undefined : text(panel.nullText),
        ...(isGauge && { min: number(gauge.minValue) ?? 0, max: number(gauge.maxValue) ?? 100 }),
        ...(thresholds !== null && (colored || isGauge)
          ? { thresholds, color: { mode: 'thresholds' } }
          : { color: { mode: 'fixed', fixedColor: 'text' } }),
      },
      overrides: [],
    },
    options: {
      reduceOptions: {
        calcs: [calcName(name)],
        values: false,
        fields: column === '' ? '' : column,
      },
      textMode: name === 'name' ? 'name' : 'value',
      colorMode: flag(panel.colorBackground)
        ? 'background'
        : flag(panel.colorValue)
          ? 'value'
          : 'none',
      graphMode: flag(object(panel.sparkline).show) ? 'area' : 'none',
      justifyMode: 'center',
      prefix: text(panel.prefix),
      postfix: text(panel.postfix),
      showThresholdMarkers: flag(gauge.thresholdMarkers, true),
      showThresholdLabels: flag(gauge.thresholdLabels),
    },
  };
}
