// Are the answers independent? Counts runs of the same class: far fewer than chance gives means that answers stick
// together (a sticky balancer, or two configurations one after the other), and then no split can be judged from them.

export interface RunsCounter {
  add(name: string): void;
  /** True when there are too few runs: more than 4.5 standard deviations under the mean (one-sided, p ≈ 3·10⁻⁶). */
  sticky(): boolean;
}

const limit = -4.5;
/** Under this many answers outside the commonest class the normal approximation means nothing. */
const fewest = 8;

export function createRunsCounter(): RunsCounter {
  const counts = new Map<string, number>();
  let samples = 0;
  let runs = 0;
  let last: string | undefined;
  return {
    add(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      samples++;
      if (name !== last) runs++;
      last = name;
    },
    sticky() {
      if (samples - Math.max(...counts.values()) < fewest) return false;
      const { mean, deviation } = runsUnderChance([...counts.values()], samples);
      return (runs - mean) / deviation < limit;
    },
  };
}

/** Mean and deviation of the number of runs when n answers of several classes come in random order (Barton and David). */
function runsUnderChance(counts: number[], n: number): { mean: number; deviation: number } {
  const squares = counts.reduce((sum, c) => sum + c * c, 0);
  const cubes = counts.reduce((sum, c) => sum + c * c * c, 0);
  const mean = (n * (n + 1) - squares) / n;
  const variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n * n * n) / (n * n * (n - 1));
  return { mean, deviation: Math.sqrt(Math.max(variance, 1e-9)) };
}
