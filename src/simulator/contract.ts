// What the rooms of the simulator know of each other: types and two error classes. Every room imports this file and it
// imports none of them.
import type { Duplex } from 'node:stream';
import type { KubeObject } from '../mesh/objects.ts';
import type { MeshFacts } from './mesh-facts.ts';
import type { Span } from './traffic.ts';

/** `plural` for the core group, else `group/plural`: `pods`, `apps/deployments`, `networking.istio.io/virtualservices`. */
export type ResourceId = string;

/** `previous` is the object before the change, for MODIFIED and DELETED. */
export interface RegistryEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: ResourceId;
  object: KubeObject;
  previous?: KubeObject;
}

export interface WriteOptions {
  fieldManager?: string;
  dryRun?: boolean;
  /** Bytes of the request's body. What is larger than etcd takes is refused once it is known to be valid. */
  size?: number;
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  /** What the request's body says twice, in the API server's words. */
  repeated?: readonly string[];
  /** `status` writes only .status, those of pods their own part; no subresource writes everything else. */
  subresource?: 'status' | 'scale' | 'ephemeralcontainers' | 'resize' | 'binding';
  /** Collects Warning header texts. */
  warn?: (message: string) => void;
  /** Who asks may not write just anything: throws for what they may not. `previous` is what it replaces. */
  approve?: (object: KubeObject, previous: KubeObject | undefined) => void;
}

export interface DeleteOptions {
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

/**
 * The one door to the cluster's state, for the HTTP API and for controllers alike: defaulting, validation, admission,
 * resourceVersion and managedFields happen behind it. Calls are synchronous and atomic (one thread); a write is visible
 * to reads at once, reaches watchers in order after it is durable, and `durable()` resolves once all writes so far are
 * on disk: the HTTP edge awaits it before it answers, controllers need not.
 *
 * Objects handed out are the stored ones and are never changed in place by anybody: copy (structuredClone) and write.
 * Failures throw ApiError (api/errors.ts), a Kubernetes Status with code and reason.
 */
export interface Registry {
  get(resource: ResourceId, namespace: string | undefined, name: string): KubeObject | undefined;
  /** All namespaces when `namespace` is undefined; sorted by namespace and name. Empty for an unknown resource. */
  list(resource: ResourceId, namespace?: string): KubeObject[];
  create(resource: ResourceId, object: KubeObject, options?: WriteOptions): KubeObject;
  /** Whole-object replacement; a metadata.resourceVersion that is not the stored one is a 409 Conflict. */
  update(resource: ResourceId, object: KubeObject, options?: WriteOptions): KubeObject;
  /** Reads, lets `change` edit a copy, writes. Undefined when the object does not exist. A no-op change writes nothing. */
  edit(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    change: (copy: KubeObject) => void,
    options?: WriteOptions,
  ): KubeObject | undefined;
  /** Removes at once, or sets deletionTimestamp when finalizers or a pod's grace period remain. Undefined when absent. */
  remove(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): KubeObject | undefined;
  /** Replays what exists as ADDED, synchronously, then every later event. `resource` '*' means all. Returns the stop. */
  watch(resource: ResourceId, handler: (event: RegistryEvent) => void): () => void;
  durable(): Promise<void>;
}

/** Time, passed in so that tests own it. `after` returns the cancel. */
export interface Clock {
  now(): number;
  after(milliseconds: number, action: () => void): () => void;
  /** Whether the process has had much to do since this was last asked: what nobody waits for can wait. */
  busy?(): boolean;
}

/** Container logs, kept in memory per container (the last 10,000 lines) and lost when the cluster stops. */
export interface LogBook {
  /** A run of a container starts: `read` is of this one now, `previous` of the one before, where there was one. */
  begin(podUid: string, container: string): void;
  append(podUid: string, container: string, line: string): void;
  read(podUid: string, container: string): readonly LogLine[];
  previous(podUid: string, container: string): readonly LogLine[] | undefined;
  /** Calls back for each later line; returns the stop. */
  follow(podUid: string, container: string, listener: (line: LogLine) => void): () => void;
  drop(podUid: string): void;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  time: number;
  text: string;
}

export interface HttpRequest {
  method: string;
  /** With query, as on the request line. */
  path: string;
  /** The Host header: `reviews:9080`. */
  authority: string;
  /** Lower-case names; see mesh/repeated-headers.ts for those that came more than once. */
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** HTTP/1.1 unless said. */
  version?: 'HTTP/1.0';
  /** Another protocol that the client wants to go on with: `websocket`. */
  upgrade?: string;
  /** host:port of the connection when it is not the authority's: a client that writes its own Host header. */
  connectTo?: string;
  /** For the program that is asked: address:port at the other end of its connection. Undefined: its own sidecar, 127.0.0.6. */
  client?: string;
}

export interface HttpReply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
  /** With status 101: where the connection goes on in the other protocol. */
  tunnel?: Tunnel;
}

/** Taken once, by whoever has the client's connection. */
export interface Tunnel {
  take(client: Duplex): void;
}

/** A call that got no HTTP answer at all. */
export type CallFailure = 'dns' | 'refused' | 'timeout' | 'reset';
export class CallError extends Error {
  readonly failure: CallFailure;
  constructor(failure: CallFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

export interface ContainerContext {
  pod: KubeObject;
  containerName: string;
  image: string;
  /** Resolved environment: literals, fieldRefs, ConfigMap and Secret keys. */
  env: Record<string, string>;
  clock: Clock;
  random: () => number;
  log(line: string): void;
  /** A request leaving this pod: DNS, the pod's sidecar if it has one, the mesh, the answer. Rejects with CallError. */
  call(request: HttpRequest, timeoutMilliseconds?: number): Promise<HttpReply>;
  /** A connection leaving this pod, for what is no HTTP. Throws CallError; a proxy on the way may close it later. */
  connect?(host: string, port: number): Duplex;
  /** A request over loopback to another program of the same pod; undefined when none listens on the port. */
  local?(port: number, request: HttpRequest): Promise<HttpReply> | HttpReply | undefined;
  /** The API server, for programs that are part of the control plane. */
  api?: Pick<Registry, 'get' | 'list'>;
  /** Its files, once a command has looked at them (`read` throws where none is), and a token of the pod's account. */
  files?(): { kind(path: string): 'file' | 'folder' | undefined; read(path: string): Buffer } | undefined;
  accountToken?(audience: string | undefined, seconds: number): string | undefined;
  /** What programs have written to the volumes that it mounts, as it is when asked for: a file, the names in a folder. */
  volumes?: { read(path: string): Buffer | undefined; list(path: string): string[] };
  /** The mesh, for programs of Istio. Undefined where nobody runs one, as in tests of a single program. */
  mesh?: MeshFacts;
  /** It ends with this code, perhaps before the model has returned. An init container that never calls it ends well at once. */
  exit?(code: number): void;
}

export interface RunningContainer {
  /** Ports it listens on. A port not here refuses connections. */
  ports: Record<number, (request: HttpRequest) => Promise<HttpReply> | HttpReply>;
  /** Programs of its image beside the usual ones of exec/, by name, for `kubectl exec`. Resolves with the exit code. */
  programs?: Record<string, (argv: readonly string[], streams: ExecStreams) => Promise<number>>;
  /** Takes connections on ports that speak no HTTP, inside this process. */
  streams?: Record<number, (connection: Duplex) => void>;
  /** Raw bytes on ports that speak no HTTP/1 (gRPC of istiod): a real loopback port that forwards for it. */
  sockets?: Record<number, { host: '127.0.0.1'; port: number }>;
  /** Takes the spans that proxies send to a port, whatever protocol they would speak there. */
  collectors?: Record<number, (spans: readonly Span[]) => void>;
  /** Admission webhook calls it answers, by path, for istiod: see api/admission.ts. */
  admission?: Record<string, (review: AdmissionReview) => AdmissionAnswer>;
  /** Its own program is this command, run as `kubectl exec` would: what it writes is the log, its exit code the container's. */
  main?: readonly string[];
  /** A shell that waits for whoever attaches to it: it runs for them, and ends with its container. */
  waits?: readonly string[];
  /** True once it takes no connection any more, nor lets its pod make one: an Envoy whose listeners were drained. */
  isDrained?(): boolean;
  stop?(): void;
}

export interface ExecStreams {
  stdin: AsyncIterable<Uint8Array>;
  stdout(chunk: string | Uint8Array): void;
  stderr(chunk: string | Uint8Array): void;
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

/** One model per known program; `undefined` from the image table means that the image cannot be pulled. */
export type WorkloadModel = (context: ContainerContext) => RunningContainer;

export interface AdmissionReview {
  uid: string;
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  resource: { group: string; version: string; resource: string };
  kind: { group: string; version: string; kind: string };
  namespace?: string;
  name?: string;
  object?: KubeObject;
  oldObject?: KubeObject;
  dryRun: boolean;
}

export interface AdmissionAnswer {
  allowed: boolean;
  /** The object after mutation; undefined leaves it as it was. */
  object?: KubeObject;
  /** When refused: the webhook's own message. */
  message?: string;
  warnings?: string[];
}

/** Finds the workload behind a webhook's clientConfig.service and calls it. Throws WebhookUnreachable, message as the API server words it. */
export interface WebhookCaller {
  call(
    service: { namespace: string; name: string; path: string; port: number },
    review: AdmissionReview,
  ): AdmissionAnswer;
}
export class WebhookUnreachable extends Error {}

/** What the kubelet tells the pod network, and what the network offers containers. Implemented by dataplane/. */
export interface PodNetwork {
  /** The pod has an address and its containers run; called again, with another map, when a container restarts. */
  attach(pod: KubeObject, containers: ReadonlyMap<string, RunningContainer>): void;
  detach(podUid: string): void;
  /** A request leaving `pod`. Rejects with CallError. */
  call(pod: KubeObject, request: HttpRequest, timeoutMilliseconds?: number): Promise<HttpReply>;
  /** A connection leaving `pod`. Throws CallError. */
  connect?(pod: KubeObject, host: string, port: number): Duplex;
}
