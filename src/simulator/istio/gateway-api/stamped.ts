// Conditions with their times: the time of a condition is that of its last change from True to False or back.
import type { Condition } from '../../../mesh/gateway-api/conditions.ts';
import { fields, items, text } from '../../../mesh/read.ts';

export interface StampedCondition extends Condition {
  lastTransitionTime: string;
  observedGeneration?: number;
}

/** Those that are there keep their places; those of other types stay as they are. */
export function stamped(
  conditions: readonly Condition[],
  existing: unknown,
  generation: number | undefined,
  now: string,
): unknown[] {
  const result = [...items(existing)];
  for (const wanted of conditions) {
    const at = result.findIndex((c) => fields(c).type === wanted.type);
    const before = fields(result[at]);
    const lasting = before.status === wanted.status ? text(before.lastTransitionTime) : undefined;
    const made: StampedCondition = {
      ...wanted,
      lastTransitionTime: lasting ?? now,
      ...(generation !== undefined && { observedGeneration: generation }),
    };
    if (at < 0) result.push(made);
    else result[at] = made;
  }
  return result;
}
