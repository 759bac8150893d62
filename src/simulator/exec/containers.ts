// The containers that run now, as the kubelets show them to the network, and what may be done with them from outside.
import type { KubeObject } from '../../mesh/objects.ts';
import type {
  ContainerContext,
  HttpReply,
  HttpRequest,
  LogBook,
  PodNetwork,
  RunningContainer,
  WorkloadModel,
} from '../contract.ts';
import type { ContainerAccess, ExecCall, Listener } from './container-access.ts';
import { createMachine } from './machine.ts';
import type { Machine } from './program.ts';
import { runCommand } from './run-command.ts';
import { runMainCommand } from './run-main.ts';
import { createVolumeStore, type VolumeStoreOptions } from './volume-store.ts';

export interface ContainersOptions {
  logs: LogBook;
  network: PodNetwork;
  /** A request that comes to a gateway's own port; undefined when the pod does not listen there. */
  gatewayPort?(pod: KubeObject, port: number): ((request: HttpRequest) => Promise<HttpReply>) | undefined;
  /** Without it, what is written to volumes ends with the process. */
  volumes?: VolumeStoreOptions;
}

export interface Containers extends ContainerAccess {
  /** The network, as kubelets are to see it. */
  network: PodNetwork;
  /** The same models, whose containers are remembered. */
  watched(models: (image: string) => WorkloadModel | undefined): (image: string) => WorkloadModel | undefined;
  /** What was written to a PersistentVolume goes. */
  emptyVolume(volume: KubeObject): void;
  /** What is in volumes stays as it is now. Before the kubelets stop. */
  closeVolumes(): void;
}

const NOT_YET: RunningContainer = { ports: {} };

/** What comes by port-forward, or by the API's proxy. */
const LOOPBACK = '127.0.0.1:40000';

export function createContainers({ logs, network, gatewayPort, volumes: kept }: ContainersOptions): Containers {
  const pods = new Map<string, ReadonlyMap<string, RunningContainer>>();
  const volumes = createVolumeStore(kept);
  const contexts = new WeakMap<RunningContainer, ContainerContext>();
  const machines = new WeakMap<RunningContainer, Machine>();
  const endings = new WeakMap<RunningContainer, AbortController>();
  const started = new WeakSet<RunningContainer>();
  const running = (pod: KubeObject, name: string) => pods.get(pod.metadata.uid ?? '')?.get(name);

  function machineOf(pod: KubeObject, name: string): Machine | undefined {
    const container = running(pod, name);
    if (!container) return undefined;
    const context = contexts.get(container);
    const machine = machines.get(container) ?? createMachine(pod, name, container, context, volumes.mounts(context));
    machines.set(container, machine);
    return machine;
  }

  /** Once, as soon as the pod is on the network. */
  function runMain(pod: KubeObject, name: string, container: RunningContainer): void {
    const [context, machine, ending] = [contexts.get(container), machineOf(pod, name), endings.get(container)];
    if (!context || !machine || !ending || started.has(container)) return;
    started.add(container);
    void runMainCommand(machine, container.main ?? [], context, ending.signal);
  }

  /** That the shell ends is the end of its container. */
  async function runWaiting(
    pod: KubeObject,
    name: string,
    container: RunningContainer,
    call: ExecCall,
  ): Promise<number> {
    const machine = machineOf(pod, name);
    if (!machine) throw new Error(`container not found ("${name}")`);
    const code = await runCommand(machine, call);
    if (!call.signal.aborted) contexts.get(container)?.exit?.(code);
    // How it ended, the container's status says.
    return 0;
  }

  /** A command that runs is ended when its container is told to stop. */
  function withEnd(container: RunningContainer): RunningContainer {
    if (!container.main) return container;
    const ending = new AbortController();
    const stop = (): void => {
      ending.abort();
      container.stop?.();
    };
    const stoppable = { ...container, stop };
    endings.set(stoppable, ending);
    return stoppable;
  }

  return {
    network: {
      attach(pod, containers) {
        pods.set(pod.metadata.uid ?? '', containers);
        network.attach(pod, containers);
        for (const [name, container] of containers) if (container.main) runMain(pod, name, container);
      },
      detach(uid) {
        pods.delete(uid);
        volumes.leave(uid);
        network.detach(uid);
      },
      call: (...call) => network.call(...call),
      ...(network.connect && { connect: network.connect.bind(network) }),
    },
    watched: (models) => (image) => {
      const model = models(image);
      if (!model) return undefined;
      return (given) => {
        const files = () => machines.get(container)?.files;
        const context = { ...given, volumes: volumes.reader(given), files };
        // A model may look for its files before it has returned.
        let container = NOT_YET;
        container = withEnd(model(context));
        contexts.set(container, context);
        return container;
      };
    },
    emptyVolume: volumes.empty,
    closeVolumes: volumes.close,
    isRunning: (pod, name) => running(pod, name) !== undefined,
    exec(pod, name, call) {
      const machine = machineOf(pod, name);
      if (!machine) return Promise.reject(new Error(`container not found ("${name}")`));
      return runCommand(machine, call);
    },
    attach(pod, name, { interactive, ...call }) {
      const container = running(pod, name);
      if (interactive && container?.waits)
        return runWaiting(pod, name, container, { ...call, command: container.waits });
      const { stdout, signal } = call;
      const stop = logs.follow(pod.metadata.uid ?? '', name, ({ text }) => stdout(Buffer.from(`${text}\n`)));
      return new Promise((resolve) => {
        const end = (): void => {
          stop();
          resolve(0);
        };
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
      });
    },
    listener(pod, port): Listener | undefined {
      const containers = pods.get(pod.metadata.uid ?? '')?.values() ?? [];
      for (const { ports, sockets } of containers) {
        const socket = sockets?.[port];
        if (socket) return { kind: 'bytes', ...socket };
        const handler = Object.hasOwn(ports, port) ? ports[port] : undefined;
        if (handler) return { kind: 'http', ask: async (request) => handler({ ...request, client: LOOPBACK }) };
      }
      const ask = gatewayPort?.(pod, port);
      return ask && { kind: 'http', ask };
    },
  };
}
