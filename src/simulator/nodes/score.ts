// How the scheduler brings the figures of its plugins to a scale from 0 to 100.

export const BEST = 100;

/** The highest becomes 100, in proportion; all 0 where nobody has any. */
export function scaled(figures: readonly number[]): number[] {
  const most = highest(figures);
  return figures.map((figure) => (most === 0 ? 0 : Math.trunc((BEST * figure) / most)));
}

/** The other way round: none is 100, the highest 0. */
export function scaledDown(figures: readonly number[]): number[] {
  return scaled(figures).map((score) => BEST - score);
}

/** From the lowest, 0, to the highest, 100; all 0 where they are equal. */
export function stretched(figures: readonly number[]): number[] {
  const [least, most] = [lowest(figures), highest(figures)];
  return figures.map((figure) => (most === least ? 0 : Math.trunc((BEST * (figure - least)) / (most - least))));
}

export function highest(figures: readonly number[]): number {
  return figures.reduce((most, figure) => Math.max(most, figure), Number.NEGATIVE_INFINITY);
}

export function lowest(figures: readonly number[]): number {
  return figures.reduce((least, figure) => Math.min(least, figure), Number.POSITIVE_INFINITY);
}
