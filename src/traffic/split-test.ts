// The sequential test that judges a traffic split: it stops as soon as the answers so far decide, with a stated bound
// on the probability of a wrong verdict at whatever moment it stops.
//
// Let p be the true share of a class and e the expected one. For each class there is a band (low, high) around e.
//   correcto    when, for every class, the answers are 1/α times likelier under e than under `low`, and than under
//               `high`, each at some moment (not all at the same one). A likelihood ratio is a non-negative martingale
//               under its denominator, so by Ville's inequality a truth at or beyond an edge ever gets past that edge's
//               test with probability ≤ α, however often one looks. Classes of the same expected share are asked
//               together: the mean of the likelihoods of "one of them is at the edge" against e. It is the same bound
//               for the mean of their errors, and so, being alike, for each; it waits less for the last of them.
//   incorrecto  when a mixture of alternatives is 1/α times likelier than e. The mixture's ratio to e is a martingale
//               under e, so a right split is refused with probability ≤ α.
// A truth strictly inside a band may get either answer: the band says what "the same split" means (see `bandOf`).
// A decision is said only of independent answers (dependence.ts). When there are traces of the contrary, more answers
// are seen first; the decision itself, and its bound, stay those of the moment at which it was reached.
import { otherClass } from './classify.ts';
import { createAnswerLog, dependentFrom, suspiciousFrom } from './dependence.ts';

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

/**
 * A refusal comes with this many answers at least: a dozen say that the split is wrong, and not yet whether it is a
 * split at all or two configurations, one after the other.
 */
const fewestToRefuse = 120;
/** A suspicion is looked into with at most this many times the answers that the decision took, and this many more. */
const patience = { times: 3, answers: 250 };

/** A decision that has been reached and not yet said. */
interface Reached {
  decision: 'correcto' | 'incorrecto';
  samples: number;
  /** Answers with which the independence is looked at. */
  next: number;
}

interface ClassState {
  name: string;
  expected: number;
  band: { low?: number; high?: number };
  edges: Edge[];
  count: number;
  /** ln of the expected share, and of its complement. */
  logs: [number, number];
}

/** One of the ends of a band, with what an answer in the class and one out of it say for it against the expected. */
interface Edge {
  state: ClassState;
  within: number;
  without: number;
}

/** The same edge of the classes that are expected to get the same. */
interface Hurdle {
  edges: Edge[];
  /** It has been told apart from the expected share, at some moment. */
  passed: boolean;
}

/** Throws RangeError when no weight is positive: that is a malformed lab, refused before it gets here. */
export function createSplitTest({ expected, errorProbability }: SplitTestOptions): SplitTest {
  const shares = normalise(expected);
  const versions = Object.values(shares).filter((share) => share > 0).length;
  const all: Record<string, number> = { ...shares, [otherClass]: 0 };
  const states = Object.entries(all).map(([name, share]) => classState(name, share, versions));
  const hurdles = hurdlesOf(states);
  const numbers = new Map(states.map((s, number) => [s.name, number]));
  const threshold = Math.log(1 / errorProbability);
  const strayNumber = numbers.get(otherClass) ?? 0;
  const stray = states[strayNumber];
  const log = createAnswerLog(states.length, isEven(shares) ? versions : 0);
  let samples = 0;
  let reached: Reached | undefined;
  let decision: SplitDecision = 'seguir';

  return {
    observe(name) {
      if (decision !== 'seguir') return decision;
      const number = numbers.get(name) ?? strayNumber;
      const state = states[number];
      if (state) state.count++;
      samples++;
      log.add(number);
      if (!reached) {
        const found = decide({ states, hurdles, stray, samples, threshold });
        if (found !== 'seguir') reached = { decision: found, samples, next: firstLook(found, samples) };
      }
      if (reached && samples >= reached.next) look(reached);
      return decision;
    },
    get decision() {
      return decision;
    },
    get counts() {
      return Object.fromEntries(
        states.filter((s) => s.count > 0 || (s.expected > 0 && s.name !== otherClass)).map((s) => [s.name, s.count]),
      );
    },
    get samples() {
      return samples;
    },
    errorProbability,
    shares,
  };

  function firstLook(found: Reached['decision'], now: number): number {
    const onlyFailures = stray?.count === now;
    return found === 'incorrecto' && !onlyFailures ? Math.max(now, fewestToRefuse) : now;
  }

  /** Are the answers that led to the decision independent? While it is not clear, the test goes on. */
  function look(of: Reached): void {
    const evidence = log.evidence();
    const last = Math.max(of.samples * patience.times, of.samples + patience.answers);
    if (evidence >= dependentFrom) decision = 'dependiente';
    else if (evidence < suspiciousFrom[of.decision] || samples >= last) decision = of.decision;
    else of.next = Math.ceil(samples * 1.1);
  }
}

/**
 * What is no longer "the same split" for an expected share: the neighbours on the scale that people write in
 * VirtualServices (90/10 against 95/5 and 80/20), and a tenth around the middle. Among three versions or more the low end
 * of a middle share is a little further: what one lacks, the others have in excess.
 */
export function bandOf(share: number, versions = 2): { low?: number; high?: number } {
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
  return { low: versions > 2 ? Math.min(share - 0.1, (share * 2) / 3) : share - 0.1, high: share + 0.1 };
}

function classState(name: string, share: number, versions: number): ClassState {
  // A share of exactly 0 or 1 leaves no room for a stray answer; only failures get that room, never a wrong version.
  const expected = name === otherClass ? strayShare : share;
  const band = bandOf(share, versions);
  const state: ClassState = {
    name,
    expected,
    band,
    edges: [],
    count: 0,
    logs: [Math.log(expected), Math.log(1 - expected)],
  };
  for (const edge of [band.low, band.high])
    if (edge !== undefined)
      state.edges.push({ state, within: Math.log(edge / expected), without: Math.log((1 - edge) / (1 - expected)) });
  return state;
}

function hurdlesOf(states: ClassState[]): Hurdle[] {
  const hurdles = new Map<string, Hurdle>();
  for (const state of states)
    for (const edge of state.edges) {
      const key = `${state.expected.toFixed(9)} ${edge.within > 0 ? 'high' : 'low'}`;
      const hurdle = hurdles.get(key) ?? { edges: [], passed: false };
      hurdle.edges.push(edge);
      hurdles.set(key, hurdle);
    }
  return [...hurdles.values()];
}

interface Evidence {
  states: ClassState[];
  hurdles: Hurdle[];
  stray: ClassState | undefined;
  samples: number;
  threshold: number;
}

function decide({ states, hurdles, stray, samples, threshold }: Evidence): Reached['decision'] | 'seguir' {
  let highest = Number.NEGATIVE_INFINITY;
  for (const s of states) highest = Math.max(highest, anyShareRatio(s, totalOf(s, stray, samples)));
  let sure = true;
  for (const hurdle of hurdles) {
    let nearest = Number.NEGATIVE_INFINITY;
    for (const edge of hurdle.edges) nearest = Math.max(nearest, logRatio(edge, totalOf(edge.state, stray, samples)));
    highest = Math.max(highest, nearest);
    hurdle.passed ||= nearest <= -threshold || isPassed(hurdle, nearest, stray, samples, threshold);
    sure &&= hurdle.passed;
  }
  // A mean is never over its greatest term: nearly always there is no need to work it out.
  if (highest >= threshold && mixtureEvidence(states, stray, samples, highest) >= threshold) return 'incorrecto';
  return sure ? 'correcto' : 'seguir';
}

function isPassed(
  { edges }: Hurdle,
  nearest: number,
  stray: ClassState | undefined,
  samples: number,
  threshold: number,
): boolean {
  if (edges.length === 1 || nearest > Math.log(edges.length) - threshold) return false;
  let sum = 0;
  for (const edge of edges) sum += Math.exp(logRatio(edge, totalOf(edge.state, stray, samples)) + threshold);
  return sum <= edges.length;
}

/** Versions are compared among themselves; failures against everything. */
function totalOf(state: ClassState, stray: ClassState | undefined, samples: number): number {
  return state === stray ? samples : samples - (stray?.count ?? 0);
}

/** ln of P(counts | edge) / P(counts | expected) for one class against the rest. */
function logRatio({ state: { count }, within, without }: Edge, total: number): number {
  return (count === 0 ? 0 : count * within) + (count === total ? 0 : (total - count) * without);
}

/** ln of the mean, over classes and over {low, high, any share}, of the likelihood ratio against the expected split. */
function mixtureEvidence(
  states: ClassState[],
  stray: ClassState | undefined,
  samples: number,
  highest: number,
): number {
  if (!Number.isFinite(highest)) return highest;
  let sum = 0;
  let terms = 0;
  for (const s of states) {
    const total = totalOf(s, stray, samples);
    sum += Math.exp(anyShareRatio(s, total) - highest);
    for (const edge of s.edges) sum += Math.exp(logRatio(edge, total) - highest);
    terms += 1 + s.edges.length;
  }
  return highest + Math.log(sum / terms);
}

/** The alternative share drawn uniformly from [0, 1]: ∫ pᵏ(1-p)ⁿ⁻ᵏ dp = B(k+1, n-k+1). */
function anyShareRatio({ count: k, logs }: ClassState, n: number): number {
  const below = (k === 0 ? 0 : k * logs[0]) + (n === k ? 0 : (n - k) * logs[1]);
  return logFactorial(k) + logFactorial(n - k) - logFactorial(n + 1) - below;
}

const factorials: number[] = [0];
function logFactorial(n: number): number {
  for (let i = factorials.length; i <= n; i++) factorials.push((factorials[i - 1] ?? 0) + Math.log(i));
  return factorials[n] ?? 0;
}

function isEven(shares: Record<string, number>): boolean {
  const some = Object.values(shares).filter((share) => share > 0);
  return some.every((share) => Math.abs(share - 1 / some.length) < 1e-9);
}

function normalise(weights: Record<string, number>): Record<string, number> {
  const total = Object.values(weights).reduce((sum, w) => sum + w, 0);
  if (!(total > 0)) throw new RangeError('A split needs at least one positive weight.');
  return Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, w / total]));
}
