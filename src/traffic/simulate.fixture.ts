// Seeded streams of answers, for the tests of the statistics and for the figures of docs/veredictos.md.

/** Mulberry32: the same seeds give the same samples on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Shares = Record<string, number>;

/** The splits that labs ask for. */
export const splits: Record<string, Shares> = {
  '90/10': { v1: 90, v2: 10, v3: 0 },
  '50/50': { v1: 50, v2: 50, v3: 0 },
  '80/20': { v1: 80, v2: 20, v3: 0 },
  '95/5': { v1: 95, v2: 5, v3: 0 },
  '100/0': { v1: 0, v2: 0, v3: 100 },
  '33/33/33': { v1: 1, v2: 1, v3: 1 },
};

/** The class of one answer after another. */
export type Stream = () => string;

/** Each answer drawn by itself, as a proxy does. */
export function independent(shares: Shares, random: () => number): Stream {
  const entries = Object.entries(shares);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  return () => {
    let left = random() * total;
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return entries[0]?.[0] ?? '';
  };
}

/** Sessions of 4 to 12 answers: each session sticks to the version that it drew. */
export function sessions(shares: Shares, random: () => number): Stream {
  const draw = independent(shares, random);
  const length = 4 + Math.floor(random() * 9);
  let left = 0;
  let current = '';
  return () => {
    if (left-- === 0) {
      current = draw();
      left = length - 1;
    }
    return current;
  };
}

/**
 * From 4 to 12 users by turns, each of whom a consistent hash always sends to the same version. Left out are the two
 * cases that nobody can tell by the answers: all sent to one version, and each version in its turn.
 */
export function hashed(shares: Shares, random: () => number): Stream {
  const draw = independent(shares, random);
  const users = 4 + Math.floor(random() * 9);
  const versions = Object.values(shares).filter((weight) => weight > 0).length;
  const draws = (): string[] => Array.from({ length: users }, draw);
  let places = draws();
  while (new Set(places).size < 2 || (users % versions === 0 && isByTurns(places, versions))) places = draws();
  let turn = 0;
  return () => places[turn++ % users] ?? '';
}

function isByTurns(places: string[], versions: number): boolean {
  return places.every((p, i) => (i < versions ? places.indexOf(p) === i : p === places[i - versions]));
}

/** A client that asks again: half of the answers are the one before, repeated. */
export function retried(shares: Shares, random: () => number): Stream {
  const draw = independent(shares, random);
  let current = draw();
  return () => {
    if (random() < 0.5) current = draw();
    return current;
  };
}

export interface ChangedStream {
  next: Stream;
  /** Answers of the first configuration. */
  change: number;
}

/** Another configuration for the first answers, from 40 to 70 of them. */
export function changed(before: Shares, after: Shares, random: () => number): ChangedStream {
  const [first, second] = [independent(before, random), independent(after, random)];
  const change = 40 + Math.floor(random() * 31);
  let answers = 0;
  return { change, next: () => (answers++ < change ? first() : second()) };
}
