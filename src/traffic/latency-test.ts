// The sequential test of a latency: is the quantile within [minimum, maximum]? It makes no supposition about the shape
// of the distribution. Q ≥ minimum says that at most a share q of the answers is under the minimum, and Q ≤ maximum
// that at least a share q is not over the maximum: two judgements of a share (share-evidence.ts), which hold at whatever
// moment one stops.
//   correcto    when both are proven, each with error α: a quantile out of either end passes with probability ≤ α.
//   incorrecto  when the contrary of one is proven with error α/2: a quantile within is refused with probability ≤ α.
// A quantile that sits on an end, with as many answers on each side, is never decided: the caller has a limit.
import type { Interval } from './latency.ts';
import { evidenceAbove, evidenceBelow } from './share-evidence.ts';

export type LatencyDecision = 'seguir' | 'correcto' | 'incorrecto';

export interface LatencyTestOptions {
  /** 0.5 for the median; strictly between 0 and 1. */
  quantile: number;
  /** Milliseconds, both included. 0 and Infinity when there is no such end. */
  minimum: number;
  maximum: number;
  /** α above. */
  errorProbability: number;
}

export interface LatencyTest {
  /**
   * Takes one more latency, in milliseconds. They must come in the order in which the requests were sent: the first to
   * be answered are the quick ones, and judging from those would be wrong. Once decided, the decision stays.
   */
  observe(milliseconds: number): LatencyDecision;
  readonly decision: LatencyDecision;
  readonly samples: number;
  /** The quantile of what was seen; 0 before the first answer. */
  readonly estimate: number;
  /** Where the true quantile is, with an error ≤ α at each end at any moment. */
  readonly interval: Interval;
}

/** Throws RangeError for a quantile out of (0, 1) or ends that cross: a malformed lab, refused before it gets here. */
export function createLatencyTest(options: LatencyTestOptions): LatencyTest {
  const { quantile: share, minimum, maximum, errorProbability } = options;
  if (!(share > 0 && share < 1)) throw new RangeError('A quantile lies strictly between 0 and 1.');
  if (!(minimum <= maximum)) throw new RangeError('The minimum of a latency cannot be over its maximum.');
  const proven = Math.log(1 / errorProbability);
  const refuted = Math.log(2 / errorProbability);
  const sorted: number[] = [];
  let under = 0;
  let notOver = 0;
  let decision: LatencyDecision = 'seguir';

  return {
    observe(milliseconds) {
      if (decision !== 'seguir') return decision;
      sorted.splice(rankOf(sorted, milliseconds), 0, milliseconds);
      if (milliseconds < minimum) under++;
      if (milliseconds <= maximum) notOver++;
      decision = decide();
      return decision;
    },
    get decision() {
      return decision;
    },
    get samples() {
      return sorted.length;
    },
    get estimate() {
      return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    },
    get interval() {
      return intervalOf(sorted, share, proven);
    },
  };

  function decide(): LatencyDecision {
    const n = sorted.length;
    if (minimum > 0 && evidenceAbove(under, n, share) >= refuted) return 'incorrecto';
    if (maximum < Number.POSITIVE_INFINITY && evidenceBelow(notOver, n, share) >= refuted) return 'incorrecto';
    const highEnough = minimum <= 0 || evidenceBelow(under, n, share) >= proven;
    const lowEnough = maximum === Number.POSITIVE_INFINITY || evidenceAbove(notOver, n, share) >= proven;
    return highEnough && lowEnough && n > 0 ? 'correcto' : 'seguir';
  }
}

/** The order statistics that the evidence has reached: where a limit put there would be proven. */
function intervalOf(sorted: readonly number[], share: number, proven: number): Interval {
  const n = sorted.length;
  let low = 0;
  for (let k = 0; k < n && evidenceBelow(k, n, share) >= proven; k++) low = sorted[k] ?? low;
  let high = Number.POSITIVE_INFINITY;
  for (let k = n; k > 0 && evidenceAbove(k, n, share) >= proven; k--) high = sorted[k - 1] ?? high;
  return { low, high };
}

/** Where a value goes in a sorted list. */
function rankOf(sorted: readonly number[], value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? 0) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}
