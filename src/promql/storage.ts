// What a query reads. Implemented elsewhere: the evaluator knows no storage.
import type { Labels } from './labels.ts';
import type { Matcher } from './matchers.ts';

/** Samples of one series, oldest first; times in whole milliseconds since the epoch. */
export interface SampleRun {
  labels: Labels;
  times: Float64Array;
  values: Float64Array;
}

export interface SampleStorage {
  /** Series that all matchers accept, with their samples from `from` to `to`, both included; more samples do no harm. */
  select(matchers: readonly Matcher[], from: number, to: number): readonly SampleRun[];
}

/**
 * The value that says: from here on the series is gone. Prometheus marks it with a NaN of its own, but JavaScript does
 * not keep the bits of a NaN; this is a number that nobody measures.
 */
export const STALE = -1.7976931348623151e308;
