import {
  CallError,
  type Clock,
  type ContainerContext,
  type LogBook,
  type PodNetwork,
  type Registry,
  type RunningContainer,
  type WorkloadModel,
} from '../contract.ts';
import type { Container, Pod } from '../controllers/kinds.ts';
import { messageOf } from '../controllers/pods.ts';
import type { MeshFacts } from '../mesh-facts.ts';

/** Of the pod's account, for an audience; undefined: it has none. */
export type AccountToken = (pod: Pod, audience: string | undefined, seconds: number) => string | undefined;

export interface ProgramHost {
  clock: Clock;
  network: PodNetwork;
  logs: LogBook;
  random: () => number;
  registry: Registry;
  models(image: string): WorkloadModel | undefined;
  accountToken?: AccountToken | undefined;
  /** Undefined: nobody runs a mesh here. */
  mesh?: MeshFacts | undefined;
}

export interface ProgramRequest {
  /** With its addresses, which the stored pod may not have yet. */
  pod: Pod;
  /** The pod as it is when the program makes a call. */
  latest(): Pod;
  container: Container;
  env: Record<string, string>;
  onExit(code: number): void;
  /** The programs of the pod that run now: they share its loopback. */
  programs(): Iterable<RunningContainer>;
}

/** Ties a model to its pod; the returned function starts it. A model that throws has its reason in the container's log. */
export function prepareProgram(host: ProgramHost, request: ProgramRequest): () => RunningContainer {
  const { pod, latest, container, env, onExit } = request;
  const { uid = '' } = pod.metadata;
  const model = host.models(container.image);
  if (!model) throw new Error(`no model of ${container.image}`);
  let tokens: Map<string | undefined, string | undefined> | undefined;
  const log = (line: string) => host.logs.append(uid, container.name, line);
  const context: ContainerContext = {
    pod,
    containerName: container.name,
    image: container.image,
    env,
    clock: host.clock,
    random: host.random,
    log,
    call: (call, timeout) => host.network.call(latest(), call, timeout),
    connect(to, port) {
      if (!host.network.connect) throw new CallError('refused', `${to}:${port}: no network`);
      return host.network.connect(latest(), to, port);
    },
    local(port, call) {
      for (const program of request.programs()) {
        const listener = program.ports[port];
        if (listener) return listener(call);
      }
      return undefined;
    },
    api: host.registry,
    accountToken(audience, seconds) {
      tokens ??= new Map();
      if (!tokens.has(audience)) tokens.set(audience, host.accountToken?.(pod, audience, seconds));
      return tokens.get(audience);
    },
    ...(host.mesh && { mesh: host.mesh }),
    exit: onExit,
  };
  return () => {
    host.logs.begin(uid, container.name);
    try {
      return model(context);
    } catch (error) {
      log(messageOf(error));
      throw error;
    }
  };
}
