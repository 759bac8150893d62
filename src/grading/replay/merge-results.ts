// The results of several machines, each of which graded a part of the hand-ins, as one of them would have left them all.
import type { Graded } from './graded.ts';
import { type Header, type KeptResult, OtherResultsError, openResults, readKept } from './results.ts';

/** Two parts say different things of one hand-in. */
export class ContradictionError extends Error {
  readonly submission: string;
  constructor(submission: string) {
    super(submission);
    this.submission = submission;
  }
}

/**
 * Adds them to what `out` has, in the order of their names. Rejects with OtherResultsError when they were not made by the
 * same Malla with the same course and key, and ContradictionError.
 */
export async function mergeResults(out: string, parts: readonly string[]): Promise<Graded[]> {
  const read = await Promise.all(parts.map(readKept));
  const headers = read.flatMap((part) => part.header ?? []);
  const [first] = headers;
  if (!first || headers.length < parts.length) throw new OtherResultsError();
  const now = Math.min(...headers.map((h) => h.now));
  const kept = new Map<string, KeptResult>();
  for (const result of read.flatMap((part) => part.results)) {
    const other = kept.get(result.submission);
    if (other && (other.sha256 !== result.sha256 || other.file !== result.file))
      throw new ContradictionError(result.submission);
    kept.set(result.submission, result);
  }
  let results = await openResults(out, withoutMoment(first), now);
  // That all are of the same grading is told by whoever opens the results.
  for (const other of headers.slice(1)) results = await openResults(out, withoutMoment(other), now);
  const sorted = [...kept.values()].toSorted((a, b) => (a.submission < b.submission ? -1 : 1));
  for (const { submission, file, graded } of sorted) await results.keep(submission, file, graded);
  return sorted.map(({ graded }) => graded);
}

function withoutMoment({ now: _now, ...rest }: Header): Omit<Header, 'now'> {
  return rest;
}
