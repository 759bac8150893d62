// Automatic runs of the checks by traffic of a followed lab: when one is worth it, and never two of the same at once.
import type { Cluster, ClusterFacts } from '../cluster/contract.ts';
import { isReady } from '../diagnosis/pods.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { Clock } from './clock.ts';
import { forecastOf } from './forecast-check.ts';
import { kindOf } from './kinds.ts';
import type { FollowedCheck, LabBoard } from './lab-board.ts';
import { verifyCheck } from './verify.ts';

export interface TrafficRunsOptions {
  board: LabBoard;
  cluster: Cluster;
  facts: ClusterFacts;
  scene: () => Promise<Scene>;
  clock: Clock;
  signal: AbortSignal;
  onError: (error: unknown) => void;
  /** Ids of steps that somebody else has seen right meanwhile. */
  passedElsewhere: () => Promise<readonly string[]>;
}

export interface TrafficRuns {
  /** Runs the check if the scene gives reason to; starts it again if it was running on an older configuration. */
  consider(followed: FollowedCheck, scene: Scene): void;
  /** Stops an automatic run: the student has asked for one. */
  cancel(followed: FollowedCheck): void;
  /** Something that the scene does not have has changed: what was said holds no longer. */
  forget(followed: FollowedCheck): void;
  /** A verdict reached elsewhere stands until the scene changes. */
  remember(followed: FollowedCheck, scene: Scene): void;
}

export function createTrafficRuns(options: TrafficRunsOptions): TrafficRuns {
  const { board, cluster, facts, clock, signal } = options;
  const running = new Map<FollowedCheck, AbortController>();
  /** Running on rules that should make them right. */
  const hopeful = new WeakSet<AbortController>();
  const lastSeen = new Map<FollowedCheck, string>();

  return {
    consider(followed, scene) {
      if (!isTraffic(followed)) return;
      if (!resourcesAreRight(board, followed)) return rest(followed);
      const looked = fingerprint(scene);
      if (lastSeen.get(followed) === looked) return;
      const before = running.get(followed);
      if (before && hopeful.has(before)) board.missed(followed);
      const forecast = forecastOf(followed.check, scene, cluster).says;
      const atWork = board.isActive(followed.step) && followed.touched;
      const worth = atWork || forecast === 'right';
      // A step that a later one has undone is not asked again.
      if (!worth || (forecast !== 'right' && board.isOvertaken(followed.step))) return rest(followed);
      lastSeen.set(followed, looked);
      cancel(followed);
      void run(followed, forecast === 'right');
    },
    cancel,
    forget: (followed) => void lastSeen.delete(followed),
    remember: (followed, scene) => void lastSeen.set(followed, fingerprint(scene)),
  };

  function cancel(followed: FollowedCheck): void {
    running.get(followed)?.abort();
    running.delete(followed);
  }

  /** What the check said holds no longer, and there is no reason to send traffic. */
  function rest(followed: FollowedCheck): void {
    cancel(followed);
    lastSeen.delete(followed);
    board.waiting(followed);
  }

  async function run(followed: FollowedCheck, isHopeful: boolean): Promise<void> {
    const own = new AbortController();
    running.set(followed, own);
    if (isHopeful) hopeful.add(own);
    board.working(followed);
    try {
      const verdict = await verifyCheck(followed.check, {
        cluster,
        facts,
        clock,
        scene: options.scene,
        signal: AbortSignal.any([signal, own.signal]),
      });
      if (verdict.state !== 'correcto') board.learn(await options.passedElsewhere());
      if (running.get(followed) === own) board.see(followed, verdict);
    } catch (error) {
      if (!own.signal.aborted && !signal.aborted) options.onError(error);
    } finally {
      if (running.get(followed) === own) running.delete(followed);
    }
  }
}

export function isTraffic({ check }: FollowedCheck): boolean {
  return kindOf(check).looksAt !== 'resources';
}

function resourcesAreRight({ checks }: LabBoard, { step }: FollowedCheck): boolean {
  return checks.every((c) => c.step !== step || isTraffic(c) || c.status.verdict?.state === 'correcto');
}

/** Changes when something that decides where traffic goes does: specs, and which pods are ready. */
function fingerprint(scene: Scene): string {
  const specs = [
    scene.services,
    scene.gateways,
    scene.virtualServices,
    scene.destinationRules,
    scene.policies,
    scene.telemetries,
    scene.entryObjects,
  ]
    .flat()
    .map(({ metadata }) => `${metadata.uid}:${metadata.generation ?? metadata.resourceVersion}`);
  const pods = scene.pods.map((p) => `${p.metadata.uid}:${isReady(p)}`);
  return [...specs, ...pods].toSorted().join();
}
