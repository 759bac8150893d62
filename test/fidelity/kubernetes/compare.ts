// Do two answers to the same question agree?
import type { Observation as Any } from '../behaviour.ts';
import { differences } from '../run/compare.ts';
import { normaliseValue } from './normalise.ts';

/** How they differ, one line each; empty when they agree. What was recorded before a rule of normalise.ts takes it too. */
export function differing(real: Any, seen: Any): string[] {
  return differences(again(real), again(seen));
}

function again(observation: Any): Any {
  return observation.kind === 'text' ? { ...observation, text: normaliseValue(observation.text, {}) } : observation;
}
