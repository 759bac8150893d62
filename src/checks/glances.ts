// What changes without any object of the cluster changing (a line in a log, a figure in Prometheus) has no event: it is
// looked at every few seconds while its step is at work, in silence until it is right.
import type { Cluster, ClusterFacts } from '../cluster/contract.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { Clock } from './clock.ts';
import { kindOf } from './kinds.ts';
import type { FollowedCheck, LabBoard } from './lab-board.ts';
import { verifyCheck } from './verify.ts';

export interface GlancesOptions {
  board: LabBoard;
  cluster: Cluster;
  facts: ClusterFacts;
  scene: () => Promise<Scene>;
  clock: Clock;
  signal: AbortSignal;
}

const pause = { simulated: 2_000, real: 5_000 };

/** Ends with `signal`. Rejects with what a look rejects with; a cluster that cannot be asked is no reason to. */
export async function keepGlancing({ board, cluster, facts, scene, clock, signal }: GlancesOptions): Promise<void> {
  const unseen = board.checks.filter(({ check }) => kindOf(check).changesUnseen?.(check));
  while (unseen.length > 0 && !signal.aborted) {
    await clock.sleep(facts.simulated ? pause.simulated : pause.real, signal);
    for (const followed of unseen.filter((f) => board.isActive(f.step) && isOpen(f))) {
      const verdict = await verifyCheck(followed.check, { cluster, facts, clock, signal, scene, wait: false });
      if (verdict.state !== 'correcto' || !isOpen(followed)) continue;
      followed.touched = true;
      board.see(followed, verdict);
    }
  }
}

/** Not right yet, and nobody is looking at it. */
function isOpen({ status }: FollowedCheck): boolean {
  return status.state !== 'comprobando' && status.verdict?.state !== 'correcto';
}
