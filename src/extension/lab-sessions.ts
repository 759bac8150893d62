// The sessions of all labs, in one place for the tree and the panels. Labs with an open panel are watched while the
// cluster runs.

import type { Lab } from '../labs/lab.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import { createLabSession, type LabSession } from './cluster/lab-session.ts';
import type { MallaProgram } from './cluster/malla-program.ts';
import { readPassed } from './cluster/program-output.ts';
import { createEmitter, type Emitter } from './emitter.ts';

export interface LabSessions {
  readonly labs: readonly Lab[];
  /** The namespace that the labs are written for; undefined: any. */
  readonly place: string | undefined;
  of(labId: string): LabSession | undefined;
  readonly onChange: Emitter<LabSession>['listen'];
  /** Somebody works on the lab: a panel that opened, a run of tests. As often as `closed`. */
  opened(labId: string): void;
  /** They do no more. */
  closed(labId: string): void;
  /** Labs that somebody works on. */
  readonly open: readonly string[];
  /** Watches an open lab again after its watcher ended. */
  retry(labId: string): Promise<void>;
  /** Reads again which steps were right in other sessions. */
  refreshPassed(): Promise<void>;
  dispose(): void;
}

/** `where`: the folder under which the student's files are, when there is one; `place`: the labs' namespace. */
export function createLabSessions(
  labs: readonly Lab[],
  program: MallaProgram,
  cluster: ClusterSession,
  where?: () => string | undefined,
  place?: string,
): LabSessions {
  const changes = createEmitter<LabSession>();
  const sessions = new Map(labs.map((lab) => [lab.id, createLabSession(lab, program, where)]));
  const open = new Map<string, number>();
  for (const session of sessions.values()) {
    let lost = false;
    session.onChange((now) => {
      // A watcher that cannot reach the cluster: perhaps somebody stopped it in a terminal.
      if (now.lost && !lost) void cluster.refresh();
      lost = now.lost;
      changes.fire(session);
    });
  }
  let watched: string | undefined;
  const followOpen = (): void => {
    const { access, identity } = cluster.now;
    const seen = access && JSON.stringify([identity, access.kubeconfig]);
    // Who watches the cluster that was chosen before sees nothing of this one.
    if (seen !== watched) for (const session of sessions.values()) session.unfollow();
    watched = seen;
    for (const [id, session] of sessions) {
      if (open.has(id) && cluster.now.access) session.follow();
      else session.unfollow();
    }
  };
  const listening = cluster.onChange(followOpen);

  return {
    labs,
    place,
    of: (labId) => sessions.get(labId),
    onChange: changes.listen,
    opened(labId) {
      open.set(labId, (open.get(labId) ?? 0) + 1);
      followOpen();
    },
    closed(labId) {
      const left = (open.get(labId) ?? 0) - 1;
      if (left > 0) open.set(labId, left);
      else open.delete(labId);
      followOpen();
    },
    get open() {
      return [...open.keys()];
    },
    async retry(labId) {
      await cluster.refresh();
      if (cluster.now.access) sessions.get(labId)?.follow();
    },
    async refreshPassed() {
      const passed = readPassed((await program.run(['labs', '--json'])).value);
      for (const [id, session] of sessions) {
        const known = passed.get(id);
        session.remember(known?.passed ?? [], known?.answers);
      }
    },
    dispose() {
      listening.dispose();
      for (const session of sessions.values()) session.dispose();
    },
  };
}
