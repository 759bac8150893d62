// What is told by itself, few times and never twice: a lab that has just ended, and a cluster that stops answering while it is
// being worked on. Does not know `vscode`.
import type { ClusterSession } from './cluster/cluster-session.ts';
import { nextLab } from './cluster/course.ts';
import { isFinished } from './cluster/lab-state.ts';
import type { ClusterIdentity } from './cluster/program-output.ts';
import type { Listening } from './emitter.ts';
import type { LabSessions } from './lab-sessions.ts';

export type Notice =
  | { about: 'finished'; lab: string; title: string; next?: { id: string; title: string } }
  | { about: 'lost' };

export interface NotificationsOptions {
  sessions: Pick<LabSessions, 'labs' | 'onChange' | 'of' | 'open'>;
  cluster: Pick<ClusterSession, 'now' | 'onChange'>;
  tell(notice: Notice): void;
}

export function createNotifications({ sessions, cluster, tell }: NotificationsOptions): Listening {
  const finished = new Map<string, boolean>();
  const told = new Set<string>();
  const nameOf = ({ kind, name }: ClusterIdentity): string => `${kind} ${name ?? ''}`;
  /** The one that runs, or that is being stopped here. */
  let running = cluster.now.access && nameOf(cluster.now.identity);
  let stopping = false;

  const onLab = sessions.onChange(({ lab, now }) => {
    const before = finished.get(lab.id);
    const done = isFinished(lab, now);
    finished.set(lab.id, done);
    // What was done before this window opened is no news, and neither is what was told.
    if (!done || before !== false || !now.followed || told.has(lab.id)) return;
    told.add(lab.id);
    const next = nextLab(sessions.labs, lab);
    tell({
      about: 'finished',
      lab: lab.id,
      title: lab.title,
      ...(next ? { next: { id: next.id, title: next.title } } : {}),
    });
  });
  const onCluster = cluster.onChange(({ state, access, identity }) => {
    // Who stops it here knows, and so does who chooses another.
    const lost = state === 'parado' && running === nameOf(identity) && !stopping;
    stopping = state === 'parando';
    if (stopping) return;
    running = access && nameOf(identity);
    if (lost && sessions.open.length > 0) tell({ about: 'lost' });
  });
  return {
    dispose() {
      onLab.dispose();
      onCluster.dispose();
    },
  };
}
