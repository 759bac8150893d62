// Shares of requests that faults and mirrors take, with Envoy's precision of one in a million.
import { fields, present } from './read.ts';

/** `{value: 5.5}` as a probability. Missing, or no number: 0. */
export function probability(percentage: unknown): number {
  const { value } = fields(percentage);
  return ofHundred(value);
}

export function ofHundred(value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return 0;
  return Math.min(1, Math.max(0, Math.trunc(value * 10_000) / 1_000_000));
}

/** `percentage` where there is one, else the old whole number, else `otherwise`. */
export function probabilityOf(percentage: unknown, percent: unknown, otherwise: number): number {
  if (present(percentage)) return probability(percentage);
  return present(percent) ? ofHundred(percent) : otherwise;
}
