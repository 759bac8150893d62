// The sequential test that judges a traffic split: it stops as soon as the answers so far decide, with a stated bound
// on the probability of a wrong verdict at whatever moment it stops.
//
// Let p be the true share of a class and e the expected one. For each class there is a band (low, high) around e.
//   correcto    when, for every class, the answers are 1/α times likelier under e than under `low`, and than under
//               `high`, each at some moment (not all at the same one). A likelihood ratio is a non-negative martingale
//               under its denominator, so by Ville's inequality a truth at or beyond an edge ever gets past that edge's
//               test with probability ≤ α, however often one looks.
//   incorrecto  when a mixture of alternatives is 1/α times likelier than e. The mixture's ratio to e is a martingale
//               under e, so a right split is refused with probability ≤ α.
// A truth strictly inside a band may get either answer: the band says what "the same split" means (see `bandOf`).
import { otherClass } from './classify.ts';
import { createRunsCounter } from './runs.ts';

export type SplitDecision = 'seguir' | 'correcto' | 'incorrecto' | 'dependiente';

export interface SplitTestOptions {
  /** Class → weight, any scale. A name that is not here counts as a failure, so name also the classes that weigh 0. */
  expected: Record<string, number>;
  /** α above. */
  errorProbability: number;
}

export interface SplitTest {
  /** Takes the class of one more answer. Once decided, the decision stays. */
  observe(name: string): SplitDecision;
  readonly decision: SplitDecision;
  readonly counts: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly errorProbability: number;
  /** Expected shares, normalised to 1. */
  readonly shares: Readonly<Record<string, number>>;
}

/** Answers of no class are failures; a stray one during a pod's restart must not decide by itself. */
const strayShare = 0.002;

interface ClassState {
  name: string;
  expected: number;
  low: number | undefined;
  high: number | undefined;
  count: number;
  /** Answers that this class is a share of. */
  total: number;
  /** The edge has been told apart from the expected share, at some moment. */
  aboveLow: boolean;
  belowHigh: boolean;
}

/** Throws RangeError when no weight is positive: that is a malformed lab, refused before it gets here. */
export function createSplitTest({ expected, errorProbability }: SplitTestOptions): SplitTest {
  const shares = normalise(expected);
  const states = new Map<string, ClassState>();
  for (const [name, share] of Object.entries({ [otherClass]: 0, ...shares })) states.set(name, classState(name, share));
  const threshold = Math.log(1 / errorProbability);
  const stray = states.get(otherClass);
  const runs = createRunsCounter();
  let samples = 0;
  let decision: SplitDecision = 'seguir';

  return {
    observe(name) {
      if (decision !== 'seguir') return decision;
      const state = states.get(name) ?? states.get(otherClass);
      if (state) state.count++;
      samples++;
      runs.add(name);
      // Versions are compared among themselves; failures against everything.
      for (const s of states.values()) s.total = s === stray ? samples : samples - (stray?.count ?? 0);
      decision = decide([...states.values()], threshold);
      if (decision !== 'seguir' && runs.sticky()) decision = 'dependiente';
      return decision;
    },
    get decision() {
      return decision;
    },
    get counts() {
      return Object.fromEntries(
        [...states.values()]
          .filter((s) => s.count > 0 || (s.expected > 0 && s.name !== otherClass))
          .map((s) => [s.name, s.count]),
      );
    },
    get samples() {
      return samples;
    },
    errorProbability,
    shares,
  };
}

/**
 * What is no longer "the same split" for an expected share: the neighbours on the scale that people write in
 * VirtualServices (90/10 against 95/5 and 80/20), and a tenth around the middle.
 */
export function bandOf(share: number): { low?: number; high?: number } {
  if (share > 0.5) {
    const mirrored = bandOf(1 - share);
    return {
      ...(mirrored.high === undefined ? {} : { low: 1 - mirrored.high }),
      ...(mirrored.low === undefined ? {} : { high: 1 - mirrored.low }),
    };
  }
  if (share <= strayShare) return { high: 0.05 };
  // 1 - 0.8 is not quite 0.2: without the margin 80/20 would get two different bands.
  if (share < 0.2 - 1e-9) return { low: share / 2, high: share * 2 };
  return { low: share - 0.1, high: share + 0.1 };
}

function classState(name: string, share: number): ClassState {
  const band = bandOf(share);
  // A share of exactly 0 or 1 leaves no room for a stray answer; only failures get that room, never a wrong version.
  const expected = name === otherClass ? strayShare : share;
  return { name, expected, low: band.low, high: band.high, count: 0, total: 0, aboveLow: false, belowHigh: false };
}

function decide(states: ClassState[], threshold: number): SplitDecision {
  if (mixtureEvidence(states) >= threshold) return 'incorrecto';
  for (const s of states) {
    s.aboveLow ||= s.low === undefined || logRatio(s, s.low) <= -threshold;
    s.belowHigh ||= s.high === undefined || logRatio(s, s.high) <= -threshold;
  }
  const sure = states.every((s) => s.aboveLow && s.belowHigh);
  return sure ? 'correcto' : 'seguir';
}

/** ln of P(counts | alternative) / P(counts | expected) for one class against the rest. */
function logRatio(state: ClassState, alternative: number): number {
  return (
    term(state.count, alternative, state.expected) +
    term(state.total - state.count, 1 - alternative, 1 - state.expected)
  );
}

function term(count: number, above: number, below: number): number {
  if (count === 0) return 0;
  if (below === 0) return Number.POSITIVE_INFINITY;
  if (above === 0) return Number.NEGATIVE_INFINITY;
  return count * Math.log(above / below);
}

/** ln of the mean, over classes and over {low, high, any share}, of the likelihood ratio against the expected split. */
function mixtureEvidence(states: ClassState[]): number {
  const logs = states.flatMap((s) => [
    ...(s.low === undefined ? [] : [logRatio(s, s.low)]),
    ...(s.high === undefined ? [] : [logRatio(s, s.high)]),
    anyShareRatio(s),
  ]);
  const highest = Math.max(...logs);
  if (!Number.isFinite(highest)) return highest;
  return highest + Math.log(logs.reduce((sum, l) => sum + Math.exp(l - highest), 0) / logs.length);
}

/** The alternative share drawn uniformly from [0, 1]: ∫ pᵏ(1-p)ⁿ⁻ᵏ dp = B(k+1, n-k+1). */
function anyShareRatio(state: ClassState): number {
  const { count: k, total: n, expected } = state;
  const below = plain(k, expected) + plain(n - k, 1 - expected);
  return logFactorial(k) + logFactorial(n - k) - logFactorial(n + 1) - below;
}

function plain(count: number, share: number): number {
  return count === 0 ? 0 : count * Math.log(share);
}

const factorials: number[] = [0];
function logFactorial(n: number): number {
  for (let i = factorials.length; i <= n; i++) factorials.push((factorials[i - 1] ?? 0) + Math.log(i));
  return factorials[n] ?? 0;
}

function normalise(weights: Record<string, number>): Record<string, number> {
  const total = Object.values(weights).reduce((sum, w) => sum + w, 0);
  if (!(total > 0)) throw new RangeError('A split needs at least one positive weight.');
  return Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, w / total]));
}
