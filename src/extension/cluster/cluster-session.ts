// The embedded cluster as the editor sees it: one state, changed by the verbs of `malla cluster`.
import type { ClusterState, Problem } from '../../webview/protocol.ts';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { MallaProgram, Outcome } from './malla-program.ts';
import { type ClusterAccess, readAccess } from './program-output.ts';

export interface ClusterSnapshot {
  state: ClusterState;
  /** There while the state is «en marcha». */
  access?: ClusterAccess;
  /** What the last verb could not do. */
  problem?: Problem;
}

export interface ClusterSession {
  readonly now: ClusterSnapshot;
  readonly onChange: Emitter<ClusterSnapshot>['listen'];
  /** Each resolves to the problem that stopped it, if any. A verb asked twice at once runs once. */
  start(onProgress?: (line: string) => void): Promise<Problem | undefined>;
  stop(): Promise<Problem | undefined>;
  delete(): Promise<Problem | undefined>;
  /** Where the machines of the lab that makes a cluster are, started if they were not running; undefined when they cannot be. */
  machines(): Promise<ClusterAccess | undefined>;
  /** Looks again at whether it runs. */
  refresh(): Promise<void>;
}

export function createClusterSession(program: MallaProgram): ClusterSession {
  const changes = createEmitter<ClusterSnapshot>();
  let now: ClusterSnapshot = { state: 'desconocido' };
  let working: Promise<Problem | undefined> | undefined;
  let looking: Promise<void> | undefined;
  let verbs = 0;

  const become = (next: ClusterSnapshot): void => {
    if (JSON.stringify(next) === JSON.stringify(now)) return;
    now = next;
    changes.fire(now);
  };
  const work = (during: ClusterState, verb: () => Promise<Outcome>): Promise<Problem | undefined> => {
    if (working) return working;
    const before = now;
    verbs += 1;
    become({ state: during });
    working = verb()
      .then((outcome) => settle(outcome, before))
      .finally(() => {
        working = undefined;
      });
    return working;
  };
  const settle = ({ value, problem }: Outcome, before: ClusterSnapshot): Problem | undefined => {
    const access = readAccess(value);
    if (access) become({ state: 'en marcha', access });
    // A cluster that could not be stopped goes on running.
    else if (problem && before.access) become({ ...before, problem });
    else become({ state: 'parado', ...(problem ? { problem } : {}) });
    return problem;
  };

  return {
    get now() {
      return now;
    },
    onChange: changes.listen,
    start: (onProgress) =>
      work('arrancando', () =>
        program.run(['cluster', 'iniciar', '--json'], { ...(onProgress ? { onProgress } : {}) }),
      ),
    stop: () => work('parando', () => program.run(['cluster', 'parar', '--json'])),
    delete: () => work('parando', () => program.run(['cluster', 'borrar', '--json'])),
    machines: async () => readAccess((await program.run(['cluster', 'iniciar', '--maquinas', '--json'])).value),
    refresh() {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    },
  };

  async function look(): Promise<void> {
    if (working) return;
    const before = verbs;
    const outcome = await program.run(['cluster', 'estado', '--json']);
    // A verb that began meanwhile knows better, even if it has already ended.
    if (verbs === before) settle(outcome, { state: 'parado' });
  }
}
