// What Grafana's core registers for @grafana/data: the field options it may set, and the transformations.
import {
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  standardTransformers,
  standardTransformersRegistry,
  type TransformerRegistryItem,
} from '@grafana/data';
import { timeSeriesTable } from './time-series-table';

const STANDARD = [
  'unit',
  'min',
  'max',
  'fieldMinMax',
  'decimals',
  'displayName',
  'description',
  'noValue',
  'color',
  'thresholds',
  'mappings',
  'links',
  'filterable',
  'nullValueMode',
];

/** The options panels read from `custom`; overrides name them `custom.<path>`. */
const CUSTOM = [
  'align',
  'axisBorderShow',
  'axisCenteredZero',
  'axisColorMode',
  'axisGridShow',
  'axisLabel',
  'axisPlacement',
  'axisSoftMax',
  'axisSoftMin',
  'axisWidth',
  'barAlignment',
  'barWidthFactor',
  'cellOptions',
  'displayMode',
  'drawStyle',
  'fillBelowTo',
  'fillColor',
  'fillOpacity',
  'filterable',
  'footer',
  'gradientMode',
  'hidden',
  'hideFrom',
  'insertNulls',
  'inspect',
  'lineColor',
  'lineInterpolation',
  'lineStyle',
  'lineWidth',
  'minWidth',
  'pointColor',
  'pointSize',
  'pointSymbol',
  'scaleDistribution',
  'showPoints',
  'showValues',
  'spanNulls',
  'stacking',
  'thresholdsStyle',
  'transform',
  'width',
  'wrapText',
];

/** Core's items also draw editors, which nothing here uses. */
function item(path: string, isCustom: boolean): FieldConfigPropertyItem {
  const nothing = () => null;
  return {
    id: isCustom ? `custom.${path}` : path,
    path,
    name: path,
    isCustom,
    editor: nothing,
    override: nothing,
    process: (value: unknown) => value,
    shouldApply: () => true,
    getItemsCount: () => 0,
  };
}

export const fieldConfigRegistry = new FieldConfigOptionsRegistry(() => [
  ...STANDARD.map((path) => item(path, false)),
  ...CUSTOM.map((path) => item(path, true)),
]);

function transformers(): TransformerRegistryItem[] {
  // Deprecated since they move to an async registry of core's; until that is published they are the only way.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const known = [...Object.values(standardTransformers), timeSeriesTable];
  const standard = new Map(known.map((info) => [info.id, info]));
  return [...standard.values()].map((info) => ({
    id: info.id,
    name: info.name,
    description: info.description ?? '',
    transformation: () => Promise.resolve(info),
    editor: () => null,
    imageDark: '',
    imageLight: '',
  }));
}

standardTransformersRegistry.setInit(transformers);

export function knowsTransformation(id: string): boolean {
  return standardTransformersRegistry.getIfExists(id) !== undefined;
}
