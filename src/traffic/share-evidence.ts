// Is an unknown share above, or below, a given one? Evidence that may be looked at after every answer.
//
// For alternatives p₁…pₘ above q, the mean of the likelihood ratios pᵢ against q is a non-negative supermartingale under
// any true share ≤ q (each factor has a mean ≤ 1 there), so by Ville's inequality it ever reaches 1/α with probability
// ≤ α. The same, mirrored, below.

/** Weight → how far from q, as a part of the way to 1. Half of it on the extreme: "always" is the usual truth. */
const ways: readonly [number, number][] = [
  [0.5, 1],
  [0.1, 0.75],
  [0.1, 0.5],
  [0.1, 0.25],
  [0.1, 1 / 8],
  [0.1, 1 / 16],
];

/** ln of the evidence that the share is over `q`, having seen `count` of `total`. Sure when ≥ ln(1/α). */
export function evidenceAbove(count: number, total: number, q: number): number {
  if (q >= 1) return Number.NEGATIVE_INFINITY;
  if (q <= 0) return count > 0 ? Number.POSITIVE_INFINITY : 0;
  let sum = 0;
  for (const [weight, way] of ways) {
    const p = q + (1 - q) * way;
    const misses = total - count;
    // p = 1 does not survive a miss.
    if (misses > 0 && p >= 1) continue;
    sum += weight * Math.exp(count * Math.log(p / q) + (misses > 0 ? misses * Math.log((1 - p) / (1 - q)) : 0));
  }
  return Math.log(sum);
}

/** ln of the evidence that the share is under `q`. */
export function evidenceBelow(count: number, total: number, q: number): number {
  return evidenceAbove(total - count, total, 1 - q);
}
