// One pod on one node, from bound to gone: the kubelet's loop for it. It keeps what runs; the registry keeps what is said.
import type { KubeObject } from '../../mesh/objects.ts';
import type {
  Clock,
  LogBook,
  PodNetwork,
  Registry,
  RunningContainer,
  WorkloadModel,
  WriteOptions,
} from '../contract.ts';
import { equal } from '../controllers/equal.ts';
import type { RecordEvent } from '../controllers/event-recorder.ts';
import type { Container, Node, Pod, Service } from '../controllers/kinds.ts';
import { isFinished } from '../controllers/pods.ts';
import { timestamp } from '../controllers/time.ts';
import { isApiError } from '../controllers/work-queue.ts';
import type { Delays } from '../delays.ts';
import type { MeshFacts } from '../mesh-facts.ts';
import type { AddressPool } from './address-pool.ts';
import { type ContainerHost, PodContainer } from './container.ts';
import type { Crowd } from './crowd.ts';
import { type Lookup, resolveEnvironment } from './environment.ts';
import { type ContainerRole, phaseOf, statusOf } from './pod-status.ts';
import { type AccountToken, prepareProgram } from './program.ts';
import { missingVolume } from './volumes.ts';

export interface PodWorkerHost {
  registry: Registry;
  clock: Clock;
  delays: Delays;
  network: PodNetwork;
  logs: LogBook;
  random: () => number;
  node: Node;
  nodeIP: string;
  addresses: AddressPool;
  images: Set<string>;
  models(image: string): WorkloadModel | undefined;
  mesh?: MeshFacts | undefined;
  accountToken?: AccountToken | undefined;
  record: RecordEvent;
  crowd?: Crowd | undefined;
  /** Whether the pod wants to hear of new ConfigMaps and Secrets of its namespace. */
  waitsForConfig?: (podUid: string, waits: boolean) => void;
  /** Why pods cannot get an address here now. */
  networkProblem?: () => NetworkProblem | undefined;
}

/** An event of the kubelet: what keeps a pod from its network. */
export interface NetworkProblem {
  reason: string;
  message: string;
}

export interface PodWorker {
  /** The pod as the registry now has it. */
  update(pod: Pod): void;
  /** A ConfigMap or Secret of the pod's namespace changed. */
  retryConfig(): void;
  /** Others wrote its status while the kubelet was away. */
  report(): void;
  /** Stops everything at once: the pod is gone, or the cluster stops. */
  dispose(): void;
}

/** What endpoints and proxies need to hear of a pod's end before it stops answering. */
const DRAIN = 20;
const ADDRESS_RETRY = 5_000;
/** A node that gets its network is seen soon. */
const NETWORK_RETRY = 1_000;
/** In a crowd, a pod that runs sooner than this is not said to have waited: kubelets send what holds when it is their turn. */
const CROWDED = 250;
const STATUS_WRITE: WriteOptions = { subresource: 'status', fieldManager: 'kubelet' };

export function startPodWorker(host: PodWorkerHost, first: Pod): PodWorker {
  const { registry, clock, network } = host;
  const { namespace = '', name, uid = '' } = first.metadata;
  const resumed = first.status?.startTime !== undefined;
  const startTime = first.status?.startTime ?? timestamp(clock);
  let pod = first;
  let podIP: string | undefined;
  let attached = new Map<string, RunningContainer>();
  let volumesMounted = false;
  let saidMissing: string | undefined;
  let working = false;
  let dirty = false;
  let ending = false;
  /** When the last of it goes, once it is ending. */
  let gone = Number.POSITIVE_INFINITY;
  let disposed = false;
  let cancelTimer = () => {};
  let told = resumed;
  let cancelLate: (() => void) | undefined;

  if (!resumed) host.crowd?.join();
  const containers = makeContainers();
  let finished = isFinished(first);
  if (!finished) begin();
  if (first.metadata.deletionTimestamp) end();

  return {
    update(next) {
      // Events come later than the answers to this worker's own writes.
      if (versionOf(next) >= versionOf(pod)) pod = next;
      if (next.metadata.deletionTimestamp) end();
      else addDebuggers(next);
    },
    retryConfig() {
      for (const container of containers) container.retryConfig();
      if (!volumesMounted) changed();
    },
    report: changed,
    dispose,
  };

  function makeContainers(): PodContainer[] {
    const { initContainers = [], containers: mains = [], ephemeralContainers = [] } = first.spec ?? {};
    const firstReason = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
    const roleOf = (c: Container): ContainerRole => (c.restartPolicy === 'Always' ? 'sidecar' : 'init');
    return [
      ...initContainers.map((c) => new PodContainer(containerHost(), c, roleOf(c), firstReason)),
      ...mains.map((c) => new PodContainer(containerHost(), c, 'main', firstReason)),
      ...ephemeralContainers.map((c) => new PodContainer(containerHost(), c, 'debug', firstReason)),
    ];
  }

  /** Containers that `kubectl debug` puts beside those that run. */
  function addDebuggers({ spec }: Pod) {
    const known = new Set(containers.map((c) => c.spec.name));
    const added = (spec?.ephemeralContainers ?? []).filter((c) => !known.has(c.name));
    if (added.length === 0) return;
    containers.push(...added.map((c) => new PodContainer(containerHost(), c, 'debug', 'ContainerCreating')));
    changed();
  }

  function begin() {
    if (first.status?.podIP) {
      podIP = first.status.podIP;
      if (!first.spec?.hostNetwork) host.addresses.reserve(podIP);
    }
    if (resumed) resume();
    changed();
  }

  /** Takes up what an earlier process left: no event, no delay, and no write unless something differs. */
  function resume() {
    const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = first.status ?? {};
    const recorded = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
    working = true;
    for (const container of containers) {
      const status = recorded.find((s) => s.name === container.spec.name);
      if (status) container.resume(status);
    }
    working = false;
    volumesMounted = recorded.some((s) => s.state.running || s.state.terminated);
  }

  /** Does what can be done now, then says how things stand, in one write. */
  function changed() {
    dirty = true;
    if (working || disposed || finished) return;
    working = true;
    while (dirty) {
      dirty = false;
      if (!ending) advance();
    }
    working = false;
    host.waitsForConfig?.(uid, !volumesMounted || containers.some((container) => container.waitsForConfig));
    write();
  }

  function advance() {
    if (!canStart()) return;
    for (const container of containers) {
      if (container.role === 'main' || container.role === 'debug') continue;
      if (container.idle) container.start();
      if (!container.view.initialized) return;
    }
    for (const container of containers) if (container.idle) container.start();
  }

  function canStart(): boolean {
    if (!podIP && !takeAddress()) return false;
    if (volumesMounted) return true;
    const missing = missingVolume(pod, lookup);
    if (missing && missing !== saidMissing) host.record(pod, 'Warning', 'FailedMount', missing);
    saidMissing = missing;
    volumesMounted = missing === undefined;
    return volumesMounted;
  }

  function takeAddress(): boolean {
    const problem = first.spec?.hostNetwork ? undefined : host.networkProblem?.();
    if (problem) {
      if (saidMissing !== problem.message) host.record(pod, 'Warning', problem.reason, problem.message);
      saidMissing = problem.message;
      cancelTimer = clock.after(NETWORK_RETRY, changed);
      return false;
    }
    podIP = first.spec?.hostNetwork ? host.nodeIP : host.addresses.take();
    if (podIP) return true;
    const range = host.node.spec?.podCIDR ?? '';
    const message = `Failed to create pod sandbox: plugin type="flannel" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${range}`;
    host.record(pod, 'Warning', 'FailedCreatePodSandBox', message);
    cancelTimer = clock.after(ADDRESS_RETRY, changed);
    return false;
  }

  function write() {
    if (disposed || ending) return;
    const phase = phaseOf(
      containers.map((c) => c.view),
      pod.spec?.restartPolicy,
    );
    finished = phase === 'Succeeded' || phase === 'Failed';
    // With the last container goes what ran beside it; the address is free then, the status stays to be read.
    if (finished) stopAll();
    if (phase === 'Pending' && waitsInCrowd()) cancelLate ??= clock.after(CROWDED, say);
    else tell(statusIn(phase));
    if (!finished) connect();
  }

  function statusIn(phase: ReturnType<typeof phaseOf>): Pod['status'] {
    const shownIP = volumesMounted ? podIP : undefined;
    const views = containers.map((c) => c.view);
    const view = { pod, containers: views, phase, hostIP: host.nodeIP, podIP: shownIP, startTime };
    return statusOf(view, timestamp(clock));
  }

  /** Nothing was said of it yet, and much is being said of others. */
  function waitsInCrowd(): boolean {
    return !told && (cancelLate !== undefined || (host.crowd?.here ?? false));
  }

  function say() {
    told = true;
    write();
  }

  function tell(status: Pod['status']) {
    told = true;
    cancelLate?.();
    if (!equal(status, pod.status)) store(status);
  }

  function store(status: Pod['status']) {
    const change = (copy: KubeObject) => {
      if (copy.metadata.uid === uid) copy.status = status;
    };
    const stored = registry.edit('pods', namespace, name, change, STATUS_WRITE) as Pod | undefined;
    if (stored?.metadata.uid === uid) pod = stored;
  }

  /** Shows the network which programs run now. */
  function connect() {
    const running = runningPrograms();
    const same = running.size === attached.size && [...running].every(([n, program]) => attached.get(n) === program);
    if (same || !podIP) return;
    attached = running;
    network.attach(pod, running);
  }

  function runningPrograms(): Map<string, RunningContainer> {
    const running = new Map<string, RunningContainer>();
    for (const { spec, program } of containers) if (program) running.set(spec.name, program);
    return running;
  }

  function end() {
    if (disposed) return;
    const wait = runningPrograms().size > 0 ? Math.max(DRAIN + host.delays.push, graceOf(pod)) : 0;
    // Who deletes it again may leave it less time.
    if (ending && clock.now() + wait >= gone) return;
    gone = clock.now() + wait;
    cancelTimer();
    if (!ending) sayKilling();
    ending = true;
    cancelTimer = clock.after(wait, () => {
      stopAll();
      remove();
    });
  }

  function sayKilling() {
    for (const { spec, program, role } of containers) {
      if (program) host.record(pod, 'Normal', 'Killing', `Stopping container ${spec.name}`, fieldPath(spec, role));
    }
  }

  function remove() {
    try {
      registry.remove('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      // Somebody made another pod of this name meanwhile: this one is gone, which is what was wanted.
      if (!isApiError(error)) throw error;
    }
  }

  function stopAll() {
    const wasAttached = attached.size > 0;
    for (const container of containers) if (container.program || !container.finished) container.stop();
    attached = new Map();
    if (wasAttached) network.detach(uid);
    if (podIP && !first.spec?.hostNetwork) host.addresses.release(podIP);
    podIP = undefined;
  }

  function dispose() {
    if (disposed) return;
    disposed = true;
    cancelTimer();
    cancelLate?.();
    stopAll();
  }

  function containerHost(): ContainerHost {
    return {
      clock,
      delays: host.delays,
      restartPolicy: first.spec?.restartPolicy ?? 'Always',
      podLabel: `${name}_${namespace}(${uid})`,
      podIP: () => podIP ?? '',
      hasImage: (image) => host.images.has(image),
      addImage: (image) => host.images.add(image),
      model: host.models,
      prepare,
      programs: () => runningPrograms().values(),
      record: (type, reason, message, { spec, role }) => host.record(pod, type, reason, message, fieldPath(spec, role)),
      changed,
    };
  }

  function prepare(container: Container, onExit: (code: number) => void): () => RunningContainer {
    const addressed = withAddresses();
    const env = resolveEnvironment(container, addressed, servicesSeen(), lookup, host.node.status?.allocatable);
    const programs = () => runningPrograms().values();
    return prepareProgram(host, { pod: addressed, latest: () => pod, container, env, onExit, programs });
  }

  /** The services a pod's environment tells of: those of its namespace, and the API server's. */
  function servicesSeen(): Service[] {
    const api = registry.get('services', 'default', 'kubernetes') as Service | undefined;
    const own = first.spec?.enableServiceLinks === false ? [] : (registry.list('services', namespace) as Service[]);
    return [...(api ? [api] : []), ...own.filter((s) => s !== api)];
  }

  function withAddresses(): Pod {
    const status = { ...pod.status, hostIP: host.nodeIP, ...(podIP && { podIP, podIPs: [{ ip: podIP }] }) };
    return { ...pod, status };
  }

  function lookup(resource: Parameters<Lookup>[0], wanted: string): KubeObject | undefined {
    return registry.get(resource, namespace, wanted);
  }
}

/**
 * Milliseconds that a pod is left its time to end. A program that is the first of its container and knows no signals,
 * as a shell or sleep, takes all of it; nobody has to wait for that but who asks for a time of their own.
 */
function graceOf({ metadata, spec }: Pod): number {
  const asked = metadata.deletionGracePeriodSeconds ?? 0;
  if (asked === USUAL_GRACE) return 0;
  const deaf = spec?.containers.some(({ command = [] }) => DEAF.test(command[0] ?? '')) ?? false;
  return deaf ? asked * 1000 : 0;
}

const USUAL_GRACE = 30;
const DEAF = /^(?:\S*\/)?(?:sh|ash|bash|dash|sleep|tail|cat)$/;

function versionOf(pod: Pod): number {
  return Number(pod.metadata.resourceVersion ?? 0);
}

function fieldPath(container: Container, role: ContainerRole): string {
  const list = { main: 'containers', debug: 'ephemeralContainers', init: 'initContainers', sidecar: 'initContainers' };
  return `spec.${list[role]}{${container.name}}`;
}
