// Endpoints of different weights: an order of turns for round robin, and a draw for the rest.
import type { Endpoint } from '../decision.ts';

export function weightOf({ weight = 1 }: Endpoint): number {
  return Math.max(1, weight);
}

export function areEqual(endpoints: readonly Endpoint[]): boolean {
  const [first] = endpoints;
  return first === undefined || endpoints.every((endpoint) => weightOf(endpoint) === weightOf(first));
}

/** One of `indexes`, as often as its weight says. -1 when there are none. */
export function drawWeighted(endpoints: readonly Endpoint[], indexes: readonly number[], draw: number): number {
  const weights = indexes.map((index) => {
    const endpoint = endpoints[index];
    return endpoint ? weightOf(endpoint) : 0;
  });
  let left = draw * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [position, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return indexes[position] ?? -1;
  }
  return indexes.at(-1) ?? -1;
}

/** Longer rounds than this are scaled down. */
const LONGEST_ROUND = 1_000;

/** A round in which each endpoint has as many turns as its weight, spread evenly. */
export function turnsOf(endpoints: readonly Endpoint[]): readonly number[] {
  const weights = endpoints.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = Math.min(1, LONGEST_ROUND / total);
  return weights
    .flatMap((weight, index) => {
      const turns = Math.max(1, Math.round(weight * scale));
      return Array.from({ length: turns }, (_, turn) => ({ index, at: (turn + 0.5) / turns }));
    })
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ index }) => index);
}
