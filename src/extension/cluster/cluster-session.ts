// The cluster in use as the editor sees it: one state, changed by verbs of `malla`. What each verb is depends on the kind
// of cluster; nothing else in the editor does.
import type { ClusterState, Problem } from '../../webview/protocol.ts';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { MallaProgram, Outcome, RunOptions } from './malla-program.ts';
import { type ClusterAccess, type ClusterIdentity, readAccess, readIdentity } from './program-output.ts';

export interface ClusterSnapshot {
  state: ClusterState;
  /** Which one is in use. */
  identity: ClusterIdentity;
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
  /** Of a cluster that exists without Malla: it is let go, and nothing in it changes. */
  delete(): Promise<Problem | undefined>;
  /** Runs a verb that may change which cluster is in use, and looks at it again. */
  change(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Where the machines of the lab that makes a cluster are, started if they were not running; undefined when they cannot be. */
  machines(): Promise<ClusterAccess | undefined>;
  /** Looks again at which one is in use, and whether it runs. */
  refresh(): Promise<void>;
}

const embedded: ClusterIdentity = { kind: 'embebido' };

export function createClusterSession(program: MallaProgram): ClusterSession {
  const changes = createEmitter<ClusterSnapshot>();
  let now: ClusterSnapshot = { state: 'desconocido', identity: embedded };
  let working: Promise<Problem | undefined> | undefined;
  let looking: Promise<void> | undefined;
  let verbs = 0;

  const become = (next: ClusterSnapshot): void => {
    if (JSON.stringify(next) === JSON.stringify(now)) return;
    now = next;
    changes.fire(now);
  };
  const settle = ({ value, problem }: Outcome, before: ClusterSnapshot): Problem | undefined => {
    const access = readAccess(value);
    const identity = readIdentity(value) ?? before.identity;
    if (access) become({ state: 'en marcha', identity, access });
    // A cluster that could not be stopped goes on running.
    else if (problem && before.access) become({ ...before, problem });
    else become({ state: 'parado', identity, ...(problem ? { problem } : {}) });
    return problem;
  };
  const work = (during: ClusterState, verb: () => Promise<Outcome>): Promise<Problem | undefined> => {
    if (working) return working;
    const before = now;
    verbs += 1;
    become({ state: during, identity: before.identity });
    working = verb()
      .then((outcome) => settle(outcome, before))
      .finally(() => {
        working = undefined;
      });
    return working;
  };
  const status = (): Promise<Outcome> => program.run(['cluster', 'estado', '--json']);
  /** The verb, and then how the cluster is: not every verb tells it. */
  const thenStatus = async (args: readonly string[], options: RunOptions = {}): Promise<Outcome> => {
    const outcome = await program.run([...args, '--json'], options);
    return outcome.problem ? outcome : status();
  };
  const verb = (embeddedVerb: string, kindVerb: readonly string[], ours: RunOptions = {}): Promise<Outcome> => {
    const { kind, name = '' } = now.identity;
    if (kind === 'embebido') return program.run(['cluster', embeddedVerb, '--json'], ours);
    if (kind === 'kind') return thenStatus(['kind', ...kindVerb, '--nombre', name], ours);
    return embeddedVerb === 'borrar' ? thenStatus(['kubeadm', 'soltar'], ours) : status();
  };

  return {
    get now() {
      return now;
    },
    onChange: changes.listen,
    start: (onProgress) =>
      work('arrancando', () => verb('iniciar', ['arrancar'], { ...(onProgress ? { onProgress } : {}) })),
    stop: () => work('parando', () => verb('parar', ['parar'])),
    delete: () => work('parando', () => verb('borrar', ['borrar', '--si'])),
    async change(args, options) {
      const outcome = await program.run([...args, '--json'], options);
      verbs += 1;
      if (!outcome.problem) settle(await status(), { state: 'parado', identity: embedded });
      return outcome;
    },
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
    const outcome = await status();
    // A verb that began meanwhile knows better, even if it has already ended.
    if (verbs === before) settle(outcome, { state: 'parado', identity: now.identity });
  }
}
