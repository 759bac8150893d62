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
import { graceOf } from './pod-grace.ts';
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
  const worker = new Worker(host, first);
  worker.run();
  return worker;
}

/** A class, and what its containers need of their pod, because there are thousands: each function made for one is memory. */
class Worker implements PodWorker, ContainerHost {
  readonly #host: PodWorkerHost;
  /** An earlier process had it. */
  readonly #resumed: boolean;
  readonly #startTime: string;
  readonly #containers: PodContainer[];
  #pod: Pod;
  #podIP: string | undefined;
  #attached = NOTHING;
  #volumesMounted = false;
  #saidMissing: string | undefined;
  #working = false;
  #dirty = false;
  #finished: boolean;
  #ending = false;
  /** When the last of it goes, once it is ending. */
  #gone = Number.POSITIVE_INFINITY;
  #disposed = false;
  #cancelTimer: (() => void) | undefined;
  #told: boolean;
  #cancelLate: (() => void) | undefined;

  constructor(host: PodWorkerHost, pod: Pod) {
    const { startTime } = pod.status ?? {};
    this.#host = host;
    this.#pod = pod;
    this.#resumed = startTime !== undefined;
    this.#told = this.#resumed;
    this.#startTime = startTime ?? timestamp(host.clock);
    this.#containers = this.#makeContainers();
    this.#finished = isFinished(pod);
  }

  run(): void {
    if (!this.#resumed) this.#host.crowd?.join();
    if (!this.#finished) this.#begin();
    if (this.#pod.metadata.deletionTimestamp) this.#end();
  }

  update(next: Pod): void {
    // Events come later than the answers to this worker's own writes.
    if (versionOf(next) >= versionOf(this.#pod)) this.#pod = next;
    if (next.metadata.deletionTimestamp) this.#end();
    else this.#addDebuggers(next);
  }

  retryConfig(): void {
    for (const container of this.#containers) container.retryConfig();
    if (!this.#volumesMounted) this.changed();
  }

  report(): void {
    this.changed();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#cancelTimer?.();
    this.#cancelLate?.();
    this.#stopAll();
  }

  // What its containers need of it.

  get clock(): Clock {
    return this.#host.clock;
  }

  get delays(): Delays {
    return this.#host.delays;
  }

  get restartPolicy(): string {
    return this.#pod.spec?.restartPolicy ?? 'Always';
  }

  get podLabel(): string {
    const { namespace = '', name, uid = '' } = this.#pod.metadata;
    return `${name}_${namespace}(${uid})`;
  }

  get podIP(): string {
    return this.#podIP ?? '';
  }

  hasImage(image: string): boolean {
    return this.#host.images.has(image);
  }

  addImage(image: string): void {
    this.#host.images.add(image);
  }

  model(image: string): WorkloadModel | undefined {
    return this.#host.models(image);
  }

  prepare(container: Container, onExit: (code: number) => void): () => RunningContainer {
    const addressed = this.#withAddresses();
    const allocatable = this.#host.node.status?.allocatable;
    const lookup: Lookup = (resource, name) => this.#lookup(resource, name);
    const env = resolveEnvironment(container, addressed, this.#servicesSeen(), lookup, allocatable);
    const owner = { latest: () => this.#pod, programs: () => this.programs() };
    return prepareProgram(this.#host, { pod: addressed, container, env, onExit, ...owner });
  }

  programs(): Iterable<RunningContainer> {
    return this.#runningPrograms().values();
  }

  record(type: 'Normal' | 'Warning', reason: string, message: string, { fieldPath }: PodContainer): void {
    this.#host.record(this.#pod, type, reason, message, fieldPath);
  }

  /** Does what can be done now, then says how things stand, in one write. */
  changed(): void {
    this.#dirty = true;
    if (this.#working || this.#disposed || this.#finished) return;
    this.#working = true;
    while (this.#dirty) {
      this.#dirty = false;
      if (!this.#ending) this.#advance();
    }
    this.#working = false;
    const waits = !this.#volumesMounted || this.#containers.some((container) => container.waitsForConfig);
    this.#host.waitsForConfig?.(this.#uid, waits);
    this.#write();
  }

  get #uid(): string {
    return this.#pod.metadata.uid ?? '';
  }

  #makeContainers(): PodContainer[] {
    const { initContainers = [], containers: mains = [], ephemeralContainers = [] } = this.#pod.spec ?? {};
    const firstReason = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
    const roleOf = (c: Container): ContainerRole => (c.restartPolicy === 'Always' ? 'sidecar' : 'init');
    return initContainers
      .map((c) => new PodContainer(this, c, roleOf(c), firstReason))
      .concat(mains.map((c) => new PodContainer(this, c, 'main', firstReason)))
      .concat(ephemeralContainers.map((c) => new PodContainer(this, c, 'debug', firstReason)));
  }

  /** Containers that `kubectl debug` puts beside those that run. */
  #addDebuggers({ spec }: Pod): void {
    const { ephemeralContainers = [] } = spec ?? {};
    const added = ephemeralContainers.filter((c) => !this.#containers.some((known) => known.spec.name === c.name));
    if (added.length === 0) return;
    this.#containers.push(...added.map((c) => new PodContainer(this, c, 'debug', 'ContainerCreating')));
    this.changed();
  }

  #begin(): void {
    const { status, spec } = this.#pod;
    if (status?.podIP) {
      this.#podIP = status.podIP;
      if (!spec?.hostNetwork) this.#host.addresses.reserve(status.podIP);
    }
    if (this.#resumed) this.#resume();
    this.changed();
  }

  /** Takes up what an earlier process left: no event, no delay, and no write unless something differs. */
  #resume(): void {
    const {
      initContainerStatuses = [],
      containerStatuses = [],
      ephemeralContainerStatuses = [],
    } = this.#pod.status ?? {};
    const recorded = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
    this.#working = true;
    for (const container of this.#containers) {
      const status = recorded.find((s) => s.name === container.spec.name);
      if (status) container.resume(status);
    }
    this.#working = false;
    this.#volumesMounted = recorded.some((s) => s.state.running || s.state.terminated);
  }

  #advance(): void {
    if (!this.#canStart()) return;
    for (const container of this.#containers) {
      if (container.role === 'main' || container.role === 'debug') continue;
      if (container.idle) container.start();
      if (!container.view.initialized) return;
    }
    for (const container of this.#containers) if (container.idle) container.start();
  }

  #canStart(): boolean {
    if (!this.#podIP && !this.#takeAddress()) return false;
    if (this.#volumesMounted) return true;
    const missing = missingVolume(this.#pod, (resource, name) => this.#lookup(resource, name));
    if (missing && missing !== this.#saidMissing) this.#warn('FailedMount', missing);
    this.#saidMissing = missing;
    this.#volumesMounted = missing === undefined;
    return this.#volumesMounted;
  }

  #takeAddress(): boolean {
    const host = this.#host;
    const { hostNetwork } = this.#pod.spec ?? {};
    const problem = hostNetwork ? undefined : host.networkProblem?.();
    if (problem) {
      if (this.#saidMissing !== problem.message) this.#warn(problem.reason, problem.message);
      this.#saidMissing = problem.message;
      this.#again(NETWORK_RETRY);
      return false;
    }
    this.#podIP = hostNetwork ? host.nodeIP : host.addresses.take();
    if (this.#podIP) return true;
    const range = host.node.spec?.podCIDR ?? '';
    this.#warn(
      'FailedCreatePodSandBox',
      `Failed to create pod sandbox: plugin type="flannel" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${range}`,
    );
    this.#again(ADDRESS_RETRY);
    return false;
  }

  #again(milliseconds: number): void {
    this.#cancelTimer = this.clock.after(milliseconds, () => this.changed());
  }

  #warn(reason: string, message: string): void {
    this.#host.record(this.#pod, 'Warning', reason, message);
  }

  #write(): void {
    if (this.#disposed || this.#ending) return;
    const views = this.#containers.map((c) => c.view);
    const phase = phaseOf(views, this.#pod.spec?.restartPolicy);
    this.#finished = phase === 'Succeeded' || phase === 'Failed';
    // With the last container goes what ran beside it; the address is free then, the status stays to be read.
    if (this.#finished) this.#stopAll();
    if (phase === 'Pending' && this.#waitsInCrowd()) this.#sayLater();
    else this.#tell(this.#statusIn(phase));
    if (!this.#finished) this.#connect();
  }

  #statusIn(phase: ReturnType<typeof phaseOf>): Pod['status'] {
    const view = {
      pod: this.#pod,
      containers: this.#containers.map((c) => c.view),
      phase,
      hostIP: this.#host.nodeIP,
      podIP: this.#volumesMounted ? this.#podIP : undefined,
      startTime: this.#startTime,
    };
    return statusOf(view, timestamp(this.clock));
  }

  /** Nothing was said of it yet, and much is being said of others. */
  #waitsInCrowd(): boolean {
    return !this.#told && (this.#cancelLate !== undefined || (this.#host.crowd?.here ?? false));
  }

  #sayLater(): void {
    this.#cancelLate ??= this.clock.after(CROWDED, () => {
      this.#told = true;
      this.#write();
    });
  }

  #tell(status: Pod['status']): void {
    this.#told = true;
    this.#cancelLate?.();
    this.#cancelLate = undefined;
    if (!equal(status, this.#pod.status)) this.#store(status);
  }

  #store(status: Pod['status']): void {
    const { namespace = '', name } = this.#pod.metadata;
    const change = (copy: KubeObject): void => {
      if (copy.metadata.uid === this.#uid) copy.status = status;
    };
    const stored = this.#host.registry.edit('pods', namespace, name, change, STATUS_WRITE) as Pod | undefined;
    if (stored?.metadata.uid === this.#uid) this.#pod = stored;
  }

  /** Shows the network which programs run now. */
  #connect(): void {
    const running = this.#runningPrograms();
    const attached = this.#attached;
    const same = running.size === attached.size && [...running].every(([n, program]) => attached.get(n) === program);
    if (same || !this.#podIP) return;
    this.#attached = running;
    this.#host.network.attach(this.#pod, running);
  }

  #runningPrograms(): Map<string, RunningContainer> {
    const running = new Map<string, RunningContainer>();
    for (const { spec, program } of this.#containers) if (program) running.set(spec.name, program);
    return running;
  }

  #end(): void {
    if (this.#disposed) return;
    const { delays } = this.#host;
    const wait = this.#runningPrograms().size > 0 ? Math.max(DRAIN + delays.push, graceOf(this.#pod)) : 0;
    // Who deletes it again may leave it less time.
    if (this.#ending && this.clock.now() + wait >= this.#gone) return;
    this.#gone = this.clock.now() + wait;
    this.#cancelTimer?.();
    if (!this.#ending) this.#sayKilling();
    this.#ending = true;
    this.#cancelTimer = this.clock.after(wait, () => {
      this.#stopAll();
      this.#remove();
    });
  }

  #sayKilling(): void {
    for (const container of this.#containers)
      if (container.program) this.record('Normal', 'Killing', `Stopping container ${container.spec.name}`, container);
  }

  #remove(): void {
    const { namespace = '', name } = this.#pod.metadata;
    try {
      const preconditions = { uid: this.#uid };
      this.#host.registry.remove('pods', namespace, name, { gracePeriodSeconds: 0, preconditions });
    } catch (error) {
      // Somebody made another pod of this name meanwhile: this one is gone, which is what was wanted.
      if (!isApiError(error)) throw error;
    }
  }

  #stopAll(): void {
    const wasAttached = this.#attached.size > 0;
    for (const container of this.#containers) if (container.program || !container.finished) container.stop();
    this.#attached = NOTHING;
    if (wasAttached) this.#host.network.detach(this.#uid);
    if (this.#podIP && !this.#pod.spec?.hostNetwork) this.#host.addresses.release(this.#podIP);
    this.#podIP = undefined;
  }

  /** The services a pod's environment tells of: those of its namespace, and the API server's. */
  #servicesSeen(): Service[] {
    const { registry } = this.#host;
    const { namespace = '' } = this.#pod.metadata;
    const api = registry.get('services', 'default', 'kubernetes') as Service | undefined;
    const wanted = this.#pod.spec?.enableServiceLinks !== false;
    const own = wanted ? (registry.list('services', namespace) as Service[]) : [];
    return [...(api ? [api] : []), ...own.filter((s) => s !== api)];
  }

  #withAddresses(): Pod {
    const podIP = this.#podIP;
    const addresses = podIP ? { podIP, podIPs: [{ ip: podIP }] } : {};
    return { ...this.#pod, status: { ...this.#pod.status, hostIP: this.#host.nodeIP, ...addresses } };
  }

  #lookup(resource: Parameters<Lookup>[0], wanted: string): KubeObject | undefined {
    return this.#host.registry.get(resource, this.#pod.metadata.namespace ?? '', wanted);
  }
}

/** Of a pod that runs no program. */
const NOTHING: ReadonlyMap<string, RunningContainer> = new Map();

function versionOf(pod: Pod): number {
  return Number(pod.metadata.resourceVersion ?? 0);
}
