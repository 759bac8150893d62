// What a check answers. Plain serialisable data: the terminal, the editor and grading all read this.
import type { Diagnosis } from '../diagnosis/diagnosis.ts';

export type VerdictState = 'correcto' | 'incorrecto' | 'no verificable';

export interface Verdict {
  check: string;
  state: VerdictState;
  /** Spanish sentences without a final period. */
  expected: string;
  observed: string;
  /** The first broken link; always present unless the state is correcto. */
  cause?: Diagnosis;
  evidence: Evidence;
  /** How long it took to reach. */
  milliseconds: number;
  /** True when the cluster is Malla's simulator: shown wherever the verdict is. */
  simulated: boolean;
}

export interface Evidence {
  /** Requests sent, for checks by traffic. */
  requests?: number;
  /** Answers per class. */
  counts?: Record<string, number>;
  /** Bound on the probability that this verdict is wrong, for sequential tests. */
  errorBound?: number;
  /** namespace/name and resourceVersion of the objects looked at. */
  objects?: { kind: string; namespace?: string; name: string; resourceVersion?: string }[];
  latencyMilliseconds?: { p50: number; p95: number };
  /** A quantile that was judged: 0.5 is the median. `high` is absent while nothing bounds it. */
  quantileMilliseconds?: { quantile: number; estimate: number; low: number; high?: number };
}
