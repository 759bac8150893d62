// What stands between the replicas that are called for and those that are set: bounds, speed and patience. Pure.

export interface ScalingRules {
  stabilizationWindowSeconds?: number;
  selectPolicy?: string;
  policies?: { type: string; value: number; periodSeconds: number }[];
}

export interface Behavior {
  scaleUp?: ScalingRules;
  scaleDown?: ScalingRules;
}

/** A change of the past, milliseconds. */
export interface Change {
  time: number;
  by: number;
}

export interface Recommendation {
  time: number;
  replicas: number;
}

const UP: Required<ScalingRules> = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const DOWN: Required<ScalingRules> = {
  stabilizationWindowSeconds: 300,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};
/** The longest window that the API accepts. */
export const LONGEST_WINDOW = 3_600_000;

/** Of the recommendations within each direction's window, the most cautious one. */
export function stabilized(
  replicas: number,
  wanted: number,
  past: readonly Recommendation[],
  { behavior = {}, now }: { behavior: Behavior | undefined; now: number },
): number {
  const within = (rules: ScalingRules | undefined, usual: Required<ScalingRules>) => {
    const seconds = rules?.stabilizationWindowSeconds ?? usual.stabilizationWindowSeconds;
    return past.filter(({ time }) => time > now - seconds * 1000).map((r) => r.replicas);
  };
  const up = Math.min(wanted, ...within(behavior.scaleUp, UP));
  const down = Math.max(wanted, ...within(behavior.scaleDown, DOWN));
  if (replicas < up) return up;
  return replicas > down ? down : replicas;
}

/** No further than the policies let it go in their periods. */
export function paced(
  replicas: number,
  wanted: number,
  changes: readonly Change[],
  { behavior = {}, now }: { behavior: Behavior | undefined; now: number },
): number {
  if (wanted === replicas) return wanted;
  const rising = wanted > replicas;
  const rules = rising ? { ...UP, ...behavior.scaleUp } : { ...DOWN, ...behavior.scaleDown };
  if (rules.selectPolicy === 'Disabled') return replicas;
  const ends = rules.policies.map(({ type, value, periodSeconds }) => {
    const recent = changes.filter((c) => c.time > now - periodSeconds * 1000 && c.by > 0 === rising);
    const start = replicas - recent.reduce((sum, c) => sum + c.by, 0);
    if (type === 'Pods') return rising ? start + value : start - value;
    return rising ? Math.ceil(start * (1 + value / 100)) : Math.floor(start * (1 - value / 100));
  });
  const widest = (rules.selectPolicy === 'Min') !== rising;
  const end = widest ? Math.max(...ends) : Math.min(...ends);
  return rising ? Math.min(wanted, Math.max(end, replicas)) : Math.max(wanted, Math.min(end, replicas));
}
