// Quantiles of measured latencies, with intervals that hold whatever the distribution is.

/** The value under which `share` of the sorted sample lies (nearest rank); 0 for an empty sample. */
export function quantile(milliseconds: readonly number[], share: number): number {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export interface Interval {
  low: number;
  /** Infinity when the sample is too small to say. */
  high: number;
}

/**
 * Where the true quantile is, with an error of at most `errorProbability`, for a sample whose size was fixed beforehand.
 * How many of n values lie below the true quantile is Binomial(n, share) whatever the distribution: the ends of the
 * interval are order statistics. (To look after each value, use the interval of createLatencyTest.)
 */
export function quantileInterval(milliseconds: readonly number[], share: number, errorProbability: number): Interval {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const n = sorted.length;
  const tail = errorProbability / 2;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let below = 0;
  let log = n * Math.log1p(-share);
  for (let k = 0; k < n; k++) {
    // ln P(Binomial(n, share) = k), from the one before.
    if (k > 0) log += Math.log((n - k + 1) / k) + Math.log(share / (1 - share));
    below += Math.exp(log);
    // x₍ₖ₊₁₎ is over the quantile only when at most k values are not; it is under it only when more than k are.
    if (below <= tail) low = sorted[k] ?? low;
    if (1 - below <= tail) {
      high = sorted[k] ?? high;
      break;
    }
  }
  return { low, high };
}
