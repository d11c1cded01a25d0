// The arcs of a round gauge: 240 degrees, open at the bottom.

const START = (-120 * Math.PI) / 180;
const SWEEP = (240 * Math.PI) / 180;

/** Where a share of the gauge lies, clockwise from the top. */
function angleAt(share: number): number {
  return START + SWEEP * Math.min(1, Math.max(0, share));
}

function pointAt(center: number, radius: number, share: number): string {
  const angle = angleAt(share);
  return `${(center + radius * Math.sin(angle)).toFixed(2)} ${(center - radius * Math.cos(angle)).toFixed(2)}`;
}

/** The path of an arc between two shares. */
export function arc(center: number, radius: number, from: number, to: number): string {
  const large = (to - from) * SWEEP > Math.PI ? 1 : 0;
  return `M ${pointAt(center, radius, from)} A ${radius} ${radius} 0 ${large} 1 ${pointAt(center, radius, to)}`;
}

export interface GaugeStep {
  from: number;
  to: number;
  color: string;
}

/** Thresholds as parts of the gauge; those outside of its ends are cut off. */
export function gaugeSteps(
  steps: readonly { value: number; color: string }[],
  min: number,
  max: number,
  percentage: boolean,
): GaugeStep[] {
  const shareOf = (value: number) => {
    if (!Number.isFinite(value)) return 0;
    const share = percentage ? value / 100 : (value - min) / (max - min || 1);
    return Math.min(1, Math.max(0, share));
  };
  return steps.map(({ value, color }, index) => {
    const next = steps[index + 1];
    return { from: shareOf(value), to: next === undefined ? 1 : shareOf(next.value), color };
  });
}
