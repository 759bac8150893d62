// The yardstick of the tests: Wald's sequential test between two shares known beforehand, with the least thresholds that
// keep its errors, worked out exactly and not by Wald's approximations.

export interface ExactSprt {
  /** Mean answers when the expected share is the true one. */
  mean: number;
  /** Probabilities of taking each share for the other. */
  errors: { refused: number; accepted: number };
}

export function exactSprt(expected: number, alternative: number, error: number): ExactSprt {
  let [accept, refuse] = [Math.log(1 / error), Math.log(1 / error)];
  // Lowering one threshold raises the other's error a little: a few rounds settle both.
  for (let round = 0; round < 2; round++) {
    accept = least((x) => walk(expected, alternative, x, refuse).accepted <= error, accept);
    refuse = least((x) => walk(expected, alternative, accept, x).refused <= error, refuse);
  }
  const { mean, refused, accepted } = walk(expected, alternative, accept, refuse);
  return { mean, errors: { refused, accepted } };
}

/** The least x under `from` for which `holds`, to five thousandths. */
function least(holds: (x: number) => boolean, from: number): number {
  let [low, high] = [0, from];
  while (high - low > 5e-3) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The distribution of the count of the class, answer by answer, while the ratio is between the thresholds. */
function walk(expected: number, alternative: number, accept: number, refuse: number) {
  const inside = Math.log(alternative / expected);
  const outside = Math.log((1 - alternative) / (1 - expected));
  // Probabilities of each count from `first` on, under each of the two shares.
  let first = 0;
  let [straight, other] = [[1], [1]];
  let [mean, refused, accepted, left] = [0, 0, 0, 1];
  for (let n = 1; left > 1e-9; n++) {
    mean += left;
    left = 0;
    let start = first;
    const [nextStraight, nextOther]: [number[], number[]] = [[], []];
    for (let i = 0; i <= straight.length; i++) {
      const count = first + i;
      const p = (straight[i - 1] ?? 0) * expected + (straight[i] ?? 0) * (1 - expected);
      const q = (other[i - 1] ?? 0) * alternative + (other[i] ?? 0) * (1 - alternative);
      const ratio = (count === 0 ? 0 : count * inside) + (count === n ? 0 : (n - count) * outside);
      if (ratio > -accept && ratio < refuse) {
        if (nextStraight.length === 0) start = count;
        nextStraight.push(p);
        nextOther.push(q);
        left += p;
      } else if (ratio >= refuse) refused += p;
      else accepted += q;
    }
    [first, straight, other] = [start, nextStraight, nextOther];
  }
  return { mean, refused, accepted };
}
