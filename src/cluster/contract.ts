// A cluster seen from outside. Labs and checks know only this: a kubeconfig and an entry address (diseno §2).
import type { KubeObject } from '../mesh/objects.ts';
import type { ExecRequest, ExecResult } from './exec.ts';
import type { MachinesFacts } from './machines/machines.ts';

export type ClusterKind = 'embebido' | 'kind' | 'kubeadm';

export interface ClusterAccess {
  kind: ClusterKind;
  /** Path of the kubeconfig file. */
  kubeconfig: string;
  /** Entry address as a URL without a trailing slash, e.g. http://127.0.0.1:31380. Undefined when none is known. */
  entry?: string;
  /** The same for HTTPS. Undefined: it is worked out from the ingress gateway's Service. */
  secureEntry?: string;
  /** Where NodePorts answer. Undefined: at the entry address's host. */
  nodeHost?: string;
  /** Labs, and what is asked of the cluster for them, stay in this namespace; with a `gateway`, in it too. */
  stay?: Stay;
}

/** Where who has only a namespace stays. */
export interface Stay {
  namespace: string;
  /** Value of the label `istio` of the ingress gateway that is in that namespace; absent: Istio's own is used. */
  gateway?: string;
}

export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

export interface KubeQuery {
  apiVersion: string;
  kind: string;
  /** All namespaces when undefined. */
  namespace?: string;
  labelSelector?: string;
}

export interface KubeEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

/**
 * Unstructured access to the API server. Rejections are ClusterError: `unreachable` (no answer in time, refused, TLS),
 * `unauthorized`, `forbidden`, `invalid` (4xx with the server's message), `server` (5xx). A missing object or kind is
 * not an error for get and list.
 */
export interface KubeClient {
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  list(query: KubeQuery): Promise<KubeObject[]>;
  /** Calls back with what exists and every later change; reconnects by itself; resolves to the stop once the first list is in. */
  watch(
    query: KubeQuery,
    onEvent: (event: KubeEvent) => void,
    onState?: (state: 'live' | 'lost') => void,
  ): Promise<() => void>;
  /** Server-side apply with force. */
  apply(
    object: KubeObject,
    fieldManager: string,
  ): Promise<{ object: KubeObject; change: 'created' | 'configured' | 'unchanged' }>;
  patch(ref: ObjectRef, type: 'merge' | 'strategic' | 'json', body: unknown): Promise<KubeObject>;
  create(object: KubeObject): Promise<KubeObject>;
  /** False when it was not there. */
  remove(ref: ObjectRef): Promise<boolean>;
  /** The raw JSON of a path such as /version. */
  raw(path: string): Promise<unknown>;
  /** The API server's clock, milliseconds since 1970, to the second; undefined when it does not tell. */
  serverTime(): Promise<number | undefined>;
  /** Runs a program in a container, as `kubectl exec`; `invalid` when the container or the program is not there. */
  exec(request: ExecRequest): Promise<ExecResult>;
}

export interface Cluster {
  access: ClusterAccess;
  client: KubeClient;
  facts(): Promise<ClusterFacts>;
  /** Where the entry may change (a gateway that comes, goes or gets other ports): writes what it is now in `access`. Never rejects. */
  refreshEntry?(): Promise<void>;
  /** What can be seen on the machines themselves, where Malla has a way in; resolves to undefined when none answers. */
  machines?(): Promise<MachinesFacts | undefined>;
}

export interface ClusterFacts {
  serverVersion: string;
  /** True when the server says that it is Malla's simulator (its /version carries gitVersion with +malla). */
  simulated: boolean;
  nodes: { name: string; ready: boolean }[];
  /** Istio's version from istiod's image tag; undefined when not installed. */
  istio?: { version: string; ready: boolean };
  /** The node whose clock is furthest from the API server's, when that is far enough to matter. */
  skewedClock?: { node: string; seconds: number };
  /** How long a change may take to reach the proxies, milliseconds: short when simulated. */
  patience: number;
}
