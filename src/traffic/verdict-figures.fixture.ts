// The figures of the statistics of a verdict: the tests hold them to their limits and docs/veredictos.md shows them.
import {
  changed,
  hashed,
  independent,
  retried,
  type Shares,
  type Stream,
  seeded,
  sessions,
  splits,
} from './simulate.fixture.ts';
import { bandOf, createSplitTest, type SplitDecision, type SplitTest } from './split-test.ts';
import { exactSprt } from './sprt.fixture.ts';

export const errorProbability = 1e-3;
/** Truths strictly inside a band are not drawn, so every stream ends; this is far over the longest. */
const longest = 20_000;

export type Tally = Record<SplitDecision, number> & { mean: number };

export function judge(expected: Shares, next: Stream): SplitTest {
  const test = createSplitTest({ expected, errorProbability });
  while (test.decision === 'seguir' && test.samples < longest) test.observe(next());
  return test;
}

/** Decisions on independent answers whose true shares are these. */
export function tally(expected: Shares, truth: Shares, runs: number): Tally {
  const counts: Record<SplitDecision, number> = { seguir: 0, correcto: 0, incorrecto: 0, dependiente: 0 };
  let samples = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const { decision, samples: used } = judge(expected, independent(truth, seeded(seed)));
    counts[decision]++;
    samples += used;
  }
  return { ...counts, mean: samples / runs };
}

/** Mean answers of the exact SPRT between the expected split and the neighbour that is hardest to tell from it. */
export function meanOfSprt(expected: Shares): number {
  const shares = normalise(expected);
  const versions = shares.filter((share) => share > 0).length;
  const pairs = shares.flatMap((share) => {
    const { low, high } = bandOf(share, versions);
    return [low, high].flatMap((edge) => (edge === undefined ? [] : [{ share, edge }]));
  });
  // A version that must get everything is the mirror of the failures, which have room for strays: not a pair of shares.
  const told = pairs.filter(({ share }) => share < 1);
  const [hardest] = told.toSorted((a, b) => divergence(a.share, a.edge) - divergence(b.share, b.edge));
  return hardest ? exactSprt(hardest.share, hardest.edge, errorProbability).mean : 0;
}

/** What one answer says on average: the SPRT's answers are nearly inverse to it. */
function divergence(p: number, q: number): number {
  return (p > 0 ? p * Math.log(p / q) : 0) + (1 - p) * Math.log((1 - p) / (1 - q));
}

/** The nearest splits that must not pass: each version at each end of its band, the others sharing out the difference. */
export function neighbours(expected: Shares): Shares[] {
  const names = Object.keys(expected);
  const shares = normalise(expected);
  const versions = shares.filter((share) => share > 0).length;
  return names.flatMap((name, i) => {
    const share = shares[i] ?? 0;
    const { low, high } = bandOf(share, versions);
    return [low, high].flatMap((edge) => {
      if (edge === undefined) return [];
      const rest = share < 1 ? (1 - edge) / (1 - share) : 0;
      const others = names.map((other, j) => [other, other === name ? edge : (shares[j] ?? 0) * rest] as const);
      const given = others.reduce((sum, [, s]) => sum + s, 0);
      // Of a version that had everything, another takes what it leaves.
      const heir = names.find((other) => other !== name) ?? name;
      return [Object.fromEntries(others.map(([other, s]) => [other, other === heir ? s + 1 - given : s]))];
    });
  });
}

/**
 * The share of the neighbours' answers that are taken for the expected split, at its worst. Neighbours that differ only in
 * which version is which are alike for the test, and its bound is of all of them together: they are counted so.
 */
export function worstAccepted(expected: Shares, runs: number): number {
  const alike = Object.groupBy(neighbours(expected), (truth) =>
    JSON.stringify(
      Object.entries(truth)
        .map(([name, share]) => `${(expected[name] ?? 0).toFixed(6)} ${share.toFixed(6)}`)
        .toSorted(),
    ),
  );
  const rates = Object.values(alike).map((truths = []) => {
    const accepted = truths.reduce((sum, truth) => sum + tally(expected, truth, runs).correcto, 0);
    return accepted / (runs * truths.length);
  });
  return Math.max(...rates);
}

export interface Recognition {
  streams: number;
  recognised: number;
}

const steady: Record<string, (shares: Shares, random: () => number) => Stream> = { sessions, hashed, retried };

/** Streams of dependent answers in which more than one class is seen, and how many are said to be so. */
export function recogniseSteady(kind: keyof typeof steady, shares: Shares, runs: number): Recognition {
  const make = steady[kind];
  let [streams, recognised] = [0, 0];
  for (let seed = 1; make && seed <= runs; seed++) {
    const { decision, counts } = judge(shares, make(shares, seeded(seed)));
    if (decision !== 'dependiente' && Object.values(counts).filter((n) => n > 0).length < 2) continue;
    streams++;
    if (decision === 'dependiente') recognised++;
  }
  return { streams, recognised };
}

/** Answers that a second configuration has to have given for there to be two of them. */
const enoughOfSecond = 40;
/** Points by which the share of some version differs between two configurations that are told apart. */
export const clearChange = 0.5;

/** Two configurations one after the other, judged against each of the two, for every pair of the list. */
export function recogniseChange(runs: number): Recognition {
  const known = Object.values({ ...splits, '10/90': { v1: 10, v2: 90, v3: 0 } });
  let [streams, recognised] = [0, 0];
  for (const before of known) {
    for (const after of known) {
      if (distance(before, after) < clearChange) continue;
      for (const expected of [before, after]) {
        for (let seed = 1; seed <= runs; seed++) {
          const { change, next } = changed(before, after, seeded(seed));
          const { decision, samples } = judge(expected, next);
          if (samples < change + enoughOfSecond) continue;
          streams++;
          if (decision === 'dependiente') recognised++;
        }
      }
    }
  }
  return { streams, recognised };
}

function distance(a: Shares, b: Shares): number {
  const [first, second] = [normalise(a), normalise(b)];
  return Math.max(...first.map((share, i) => Math.abs(share - (second[i] ?? 0)))) + 1e-9;
}

function normalise(shares: Shares): number[] {
  const weights = Object.values(shares);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}
