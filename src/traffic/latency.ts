// Quantiles of measured latencies.

/** The value under which `share` of the sorted sample lies (nearest rank); 0 for an empty sample. */
export function quantile(milliseconds: readonly number[], share: number): number {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
