import type { Cluster, ClusterFacts } from '../cluster/contract.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { Clock } from './clock.ts';
import type { Observation } from './observation.ts';

export interface JudgeContext {
  cluster: Cluster;
  signal: AbortSignal;
  clock: Clock;
  scene: () => Promise<Scene>;
  facts: ClusterFacts;
  /** False: says what is seen now, without waiting for what is on its way. */
  wait: boolean;
  /** What the student has typed for this check, when it is a question. */
  answer?: string | undefined;
}

/** The last observation, and its cause when it is not as expected. */
export interface Judgement {
  observation: Observation;
  cause?: Diagnosis;
}
