// One figure of the bench.

export interface Measure {
  /** What is measured, in Spanish: it goes to docs/medidas.md. */
  name: string;
  value: number;
  unit: string;
  /** What it stands beside, taken in the same run. */
  reference?: { name: string; value: number; unit: string };
  /** The goal in words and whether it was met; a figure without one is only told. */
  goal?: { words: string; reached: boolean };
  /** Anything needed to read the figure. */
  detail?: Record<string, unknown>;
}

/** Nearest-rank quantile of unsorted samples. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
