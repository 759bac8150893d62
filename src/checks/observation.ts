// What a kind of check sees, before health and diagnosis turn it into a verdict.
import type { Cluster, ClusterFacts } from '../cluster/contract.ts';
import type { Symptom } from '../diagnosis/symptom.ts';
import type { Clock } from './clock.ts';
import type { Evidence } from './verdict.ts';

export interface ObserveContext {
  cluster: Cluster;
  signal: AbortSignal;
  clock: Clock;
  facts: ClusterFacts;
  /** Bound on the probability that a statistical check errs in this observation. */
  errorProbability: number;
  /** What the student has typed for this check, when it is a question. */
  answer?: string | undefined;
}

export interface Observation {
  /** Spanish sentences without a final period. */
  expected: string;
  observed: string;
  evidence: Evidence;
  /** Undefined when all is as expected. */
  symptom?: Symptom;
}
