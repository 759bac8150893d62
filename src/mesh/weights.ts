// Shares of a weighted route: relative weights, one destination takes all, weight 0 takes nothing.

export interface Weights {
  /** Indexes into the destinations, without those of weight 0. */
  readonly indexes: readonly number[];
  /** Running sums, same length as `indexes`. */
  readonly sums: readonly number[];
  readonly total: number;
}

/** A single destination gets everything, whatever its weight. Weights that are no positive number count as 0. */
export function weigh(weights: readonly unknown[]): Weights {
  if (weights.length === 1) return { indexes: [0], sums: [1], total: 1 };
  const indexes: number[] = [];
  const sums: number[] = [];
  let total = 0;
  weights.forEach((weight, index) => {
    if (typeof weight !== 'number' || !Number.isFinite(weight) || weight <= 0) return;
    total += weight;
    indexes.push(index);
    sums.push(total);
  });
  return { indexes, sums, total };
}

/** The destination for a draw in [0, 1); -1 when all weigh 0. */
export function pick({ indexes, sums, total }: Weights, draw: number): number {
  const point = draw * total;
  for (let i = 0; i < sums.length; i++) if (point < (sums[i] ?? 0)) return indexes[i] ?? -1;
  return indexes.at(-1) ?? -1;
}
