// The table of Grafana 1 to 6: styles by column pattern became overrides, `transform` became transformations.
import { flag, type Json, list, number, object, objects, text } from '../json';
import { legacyMappings, legacyThresholds } from './field-config';
import { calcName } from './field-options';

interface Property {
  id: string;
  value: unknown;
}

export function tableOldToTable(panel: Json): Json {
  const styles = objects(panel.styles);
  const fallback = styles.find((style) => ['/.*/', '/.*./'].includes(text(style.pattern)));
  return {
    ...panel,
    type: 'table',
    fieldConfig: {
      defaults: {
        unit: text(fallback?.unit, 'short'),
        decimals: number(fallback?.decimals) ?? undefined,
        custom: { align: 'auto', filterable: false },
      },
      overrides: styles.filter((style) => style !== fallback).flatMap(columnOverride),
    },
    options: { showHeader: flag(panel.showHeader, true), ...sortOf(panel, styles) },
    transformations: [...transformationsOf(panel), ...objects(panel.transformations)],
  };
}

function columnOverride(style: Json): Json[] {
  const pattern = text(style.pattern);
  if (pattern === '') return [];
  const regex = /^\/.*\/[a-z]*$/.test(pattern);
  return [
    {
      matcher: { id: regex ? 'byRegexp' : 'byName', options: pattern },
      properties: columnProperties(style),
    },
  ];
}

function columnProperties(style: Json): Property[] {
  const type = text(style.type);
  const properties: Property[] = [];
  const alias = text(style.alias);
  if (alias !== '') properties.push({ id: 'displayName', value: alias });
  if (type === 'hidden') properties.push({ id: 'custom.hidden', value: true });
  if (type === 'date')
    properties.push({
      id: 'unit',
      value: `time: ${text(style.dateFormat, 'YYYY-MM-DD HH:mm:ss')}`,
    });
  if (type === 'number') {
    properties.push({ id: 'unit', value: text(style.unit, 'short') });
    const decimals = number(style.decimals);
    if (decimals !== null) properties.push({ id: 'decimals', value: decimals });
  }
  const mappings = legacyMappings(style);
  if (mappings.length > 0) properties.push({ id: 'mappings', value: mappings });
  const align = text(style.align);
  if (['left', 'center', 'right'].includes(align))
    properties.push({ id: 'custom.align', value: align });
  if (flag(style.link)) {
    const link = {
      title: text(style.linkTooltip, 'Details'),
      url: linkUrl(text(style.linkUrl)),
      targetBlank: flag(style.linkTargetBlank),
    };
    properties.push({ id: 'links', value: [link] });
  }
  return [...properties, ...colorProperties(style)];
}

function colorProperties(style: Json): Property[] {
  const colorMode = text(style.colorMode);
  const thresholds = legacyThresholds(list(style.thresholds).join(','), style.colors);
  if (thresholds === null || !['cell', 'value', 'row'].includes(colorMode)) return [];
  const type = colorMode === 'value' ? 'color-text' : 'color-background';
  return [
    { id: 'thresholds', value: thresholds },
    { id: 'custom.cellOptions', value: { type } },
  ];
}

/** Cells were named by their place, `$__cell` and `$__cell_3`. */
function linkUrl(url: string): string {
  return url
    .replace(
      /\$__cell_(\d+)|\$\{__cell_(\d+)[^}]*\}/g,
      (_all, a: string | undefined, b: string | undefined) => `\${__data.fields[${a ?? b ?? '0'}]}`,
    )
    .replace(/\$__cell|\$\{__cell[^}]*\}/g, '${__value.text}');
}

function sortOf(panel: Json, styles: readonly Json[]): Json {
  const sort = object(panel.sort);
  const column = number(sort.col);
  if (column === null) return {};
  const visible = styles.filter(
    (style) => text(style.type) !== 'hidden' && text(style.alias) !== '',
  );
  const name = text(visible[column]?.alias);
  return name === '' ? {} : { sortBy: [{ displayName: name, desc: flag(sort.desc) }] };
}

function transformationsOf(panel: Json): Json[] {
  switch (text(panel.transform)) {
    case 'timeseries_to_columns':
      return [{ id: 'joinByField', options: { byField: 'Time', mode: 'outer' } }];
    case 'timeseries_to_rows':
      return [{ id: 'seriesToRows', options: {} }];
    case 'timeseries_aggregations': {
      const reducers = objects(panel.columns).map((column) => calcName(text(column.value)));
      return [{ id: 'reduce', options: { reducers, includeTimeField: false } }];
    }
    case 'table':
      return objects(panel.targets).length > 1 ? [{ id: 'merge', options: {} }] : [];
    default:
      return [];
  }
}
