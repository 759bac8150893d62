// What a kind of check is. They are all in kinds.ts.
import type { KubeQuery } from '../cluster/contract.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { CheckDeclaration, CheckType } from '../labs/lab.ts';
import type { Observation, ObserveContext } from './observation.ts';

export type DeclarationOf<T extends CheckType> = Extract<CheckDeclaration, { type: T }>;

export interface CheckKind<T extends CheckType> {
  /**
   * Who judges it. `resources` only looks at objects. `traffic` sends requests by the entry address, and the mesh engine
   * can tell beforehand what they should give. `probe` asks the mesh in any other way (from a pod, a proxy, its logs…).
   */
  looksAt: 'resources' | 'traffic' | 'probe';
  /** What is expected, in Spanish: said also when nothing could be observed. */
  expects(declaration: DeclarationOf<T>): string;
  /** Rejects with ClusterError when the cluster cannot be asked. */
  observe(declaration: DeclarationOf<T>, context: ObserveContext): Promise<Observation>;
  /** What changes in the cluster may change the answer. */
  watches(declaration: DeclarationOf<T>): KubeQuery[];
  /** Its answer may change without any object of the cluster changing: a line in a log, a figure. */
  changesUnseen?(declaration: DeclarationOf<T>): boolean;
  /**
   * Of a probe: whether the stored configuration gives what is expected. What is right by rules that are no longer those
   * stored is looked at again.
   */
  foresees?(declaration: DeclarationOf<T>, scene: Scene): 'right' | 'wrong' | 'unknown';
}
