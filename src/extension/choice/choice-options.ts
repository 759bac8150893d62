// What choosing, making or joining a cluster works with.
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { MallaProgram } from '../cluster/malla-program.ts';

export interface ChoiceOptions {
  program: MallaProgram;
  cluster: ClusterSession;
  /** Another cluster is in use: what belonged to the one before goes. */
  onChanged(): Promise<void>;
}
