// Three machines that are no cluster yet, and the cluster that kubeadm makes of them.
import { createHash, X509Certificate } from 'node:crypto';
import type { Clock, Registry } from '../contract.ts';
import type { Node, Pod } from '../controllers/kinds.ts';
import type { Delays } from '../delays.ts';
import type { ContainerAccess, ExecCall } from '../exec/container-access.ts';
import { runCommand } from '../exec/run-command.ts';
import { bootstrapCluster } from '../nodes/bootstrap.ts';
import { MACHINES } from '../nodes/bootstrap-nodes.ts';
import type { NetworkProblem } from '../nodes/pod-worker.ts';
import { createHostMachine, type HostMachine } from './host-machine.ts';
import type { ClusterPlan, KubeadmWorld } from './kubeadm/world.ts';
import { factsOf, type MachineFacts } from './machine-facts.ts';
import { callFromMachine } from './machine-network.ts';
import { type MachineState, newMachine } from './machine-state.ts';
import { type NodeLoop, networkProblemOf, startNodeLoop } from './node-loop.ts';
import { freePodRange, newNode } from './node-object.ts';
import { machineProgram } from './programs/programs.ts';
import { settleKubelet } from './services.ts';

/** What is kept from one start to the next. */
export interface StoredMachines {
  machines: MachineState[];
  /** Of the cluster that was made; undefined: none yet. */
  plan?: ClusterPlan;
}

export interface MachinesOptions {
  stored: StoredMachines | undefined;
  save(state: StoredMachines): void;
  /** Starts the cluster of the store, fresh or as it was. */
  startCluster(
    begin: (registry: Registry) => void,
    networkProblem: (node: string) => NetworkProblem | undefined,
  ): Promise<MachinesCluster>;
  /** Forgets all that the cluster held. */
  eraseCluster(): void;
  caCertificate: string;
  /** Path of the kubeconfig that really reaches the cluster. */
  kubeconfig: string;
  clock: Clock;
  delays: Delays;
  random: () => number;
}

export interface MachinesCluster {
  registry: Registry;
  containers: ContainerAccess;
  stop(): Promise<void>;
}

export interface Machines {
  names: readonly string[];
  /** Resolves with the exit code. Rejects with StartError when there is no such program. */
  exec(name: string, call: ExecCall): Promise<number>;
  facts(): { initialised: boolean; machines: MachineFacts[] };
  stop(): Promise<void>;
}

const SAVE_AFTER = 50;

export async function startMachines(options: MachinesOptions): Promise<Machines> {
  const { clock, random, delays, caCertificate } = options;
  let plan = options.stored?.plan;
  let running: (MachinesCluster & { loop: NodeLoop }) | undefined;
  let cancelSave: (() => void) | undefined;
  /** Whether an API that is down may be started again. */
  let started = true;
  const world: KubeadmWorld = {
    ...{ clock, delays, random, caCertificate },
    caHash: hashOf(caCertificate),
    cluster: () => running && plan && { registry: running.registry, plan },
    async initialise(host, wanted) {
      plan = wanted;
      await start(true);
      register(host);
    },
    register,
    async leave(host) {
      if (plan?.controlPlane !== host.state.name) return;
      await stopCluster();
      plan = undefined;
      options.eraseCluster();
    },
  };
  const known = new Map((options.stored?.machines ?? []).map((state) => [state.name, state]));
  const hosts = MACHINES.map((machine) =>
    createHostMachine({
      state: known.get(machine.name) ?? newMachine(machine, clock.now()),
      clock,
      random,
      program: (host, name) =>
        machineProgram(host, name, {
          world,
          kubeconfig: () => options.kubeconfig,
          podsHere: () => podsOf(host),
          podCIDR: () =>
            nodeOf(host)?.status?.conditions?.some((c) => c.reason === 'FlannelIsUp')
              ? nodeOf(host)?.spec?.podCIDR
              : undefined,
          rebooted: () => rebooted(host),
        }),
      call: (host) => (request, timeout) => callFromMachine(host, running, request, timeout),
      onChange: changed,
    }),
  );
  for (const host of hosts) settleKubelet(host);
  if (plan) await start(false);
  save();

  return {
    names: hosts.map((h) => h.state.name),
    exec(name, call) {
      const host = hosts.find((h) => h.state.name === name);
      if (!host) return Promise.reject(new Error(`no machine ${name}`));
      return runCommand(host.machine, call).finally(save);
    },
    facts: () => ({ initialised: running !== undefined, machines: hosts.map(factsOf) }),
    async stop() {
      save();
      await stopCluster();
    },
  };

  async function start(fresh: boolean): Promise<void> {
    const begin = (registry: Registry): void => {
      const first = hosts.find((h) => h.state.name === plan?.controlPlane);
      const nodes = fresh && first ? [nodeFor(first, [])] : [];
      const { podSubnet } = plan ?? {};
      bootstrapCluster(registry, { caCertificate, now: timestamp(), nodes, flannel: false, storage: false, podSubnet });
    };
    const problem = (node: string) => {
      const host = hosts.find((h) => h.state.name === node);
      return host && networkProblemOf(host);
    };
    const cluster = await options.startCluster(begin, problem);
    running = { ...cluster, loop: startNodeLoop(cluster.registry, hosts, clock) };
  }

  async function stopCluster(): Promise<void> {
    const old = running;
    running = undefined;
    old?.loop.stop();
    await old?.stop();
  }

  function register(host: HostMachine): void {
    const { registry, loop } = running ?? {};
    if (!registry) return;
    const nodes = registry.list('nodes') as Node[];
    if (!nodes.some((n) => n.metadata.name === host.state.name)) {
      const node = nodeFor(host, nodes);
      registry.create('nodes', node);
      registry.edit(
        'nodes',
        undefined,
        host.state.name,
        (copy) => {
          copy.status = node.status;
        },
        { subresource: 'status' },
      );
    }
    loop?.settle();
  }

  function nodeFor(host: HostMachine, nodes: readonly Node[]): Node {
    const machine = MACHINES.find((m) => m.name === host.state.name);
    if (!machine) throw new Error(`no machine ${host.state.name}`);
    const controlPlane = plan?.controlPlane === machine.name;
    return newNode({ ...machine, controlPlane }, freePodRange(nodes, plan?.podSubnet), timestamp());
  }

  /** The containers of the control plane are started by its kubelet: without it there is no API after a boot. */
  function rebooted(host: HostMachine): void {
    if (plan?.controlPlane !== host.state.name) return;
    if (host.state.kubelet.running) running?.loop.settle();
    else void stopCluster();
  }

  function changed(host: HostMachine): void {
    settleKubelet(host);
    if (plan?.controlPlane === host.state.name && !running && host.state.kubelet.running && started) void revive();
    running?.loop.settle();
    cancelSave ??= clock.after(SAVE_AFTER, save);
  }

  async function revive(): Promise<void> {
    started = false;
    try {
      await start(false);
    } finally {
      started = true;
    }
  }

  function save(): void {
    cancelSave?.();
    cancelSave = undefined;
    options.save({ machines: hosts.map((h) => h.snapshot()), ...(plan && { plan }) });
  }

  function podsOf(host: HostMachine): Pod[] {
    return ((running?.registry.list('pods') ?? []) as Pod[]).filter((p) => p.spec?.nodeName === host.state.name);
  }

  function nodeOf(host: HostMachine): Node | undefined {
    return running?.registry.get('nodes', undefined, host.state.name) as Node | undefined;
  }

  function timestamp(): string {
    return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  }
}

/** Of the public key, as kubeadm pins it. */
function hashOf(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
