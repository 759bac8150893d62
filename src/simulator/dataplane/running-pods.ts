// The pods whose programs run, by address: what a connection inside the cluster reaches.
import { createHash } from 'node:crypto';
import type { Proxy as MeshProxy } from '../../mesh/engine.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { containersOf, isServing } from '../../mesh/services.ts';
import type { ProxyMemory } from '../../mesh/upstream/proxy-memory.ts';
import type { HttpReply, HttpRequest, RunningContainer } from '../contract.ts';

export type Handler = (request: HttpRequest) => Promise<HttpReply> | HttpReply;

export interface RunningPod {
  uid: string;
  pod: KubeObject;
  containers: ReadonlyMap<string, RunningContainer>;
  address: string;
  /** What its istio-proxy is, when that runs. */
  role: 'plain' | 'sidecar' | 'gateway';
  /** When its programs started, in milliseconds since the epoch. */
  since: number;
  /** For the engine; the same object as long as labels do not change. */
  proxy: MeshProxy;
  /** What its proxy draws and remembers; no other's. */
  chance: ProxyMemory;
  /** spiffe://… of its service account. */
  identity: string;
  /** Stands for the hash of its certificate; empty without a proxy, which has it. */
  certificateHash: string;
}

export interface RunningPods {
  attach(pod: KubeObject, containers: ReadonlyMap<string, RunningContainer>): void;
  detach(uid: string): void;
  /** The pod as the registry has it now. */
  update(pod: KubeObject): void;
  get(uid: string): RunningPod | undefined;
  /** Pods of the host network share an address: the one that listens on the port is found first. */
  at(address: string, port: number): RunningPod | undefined;
  all(): Iterable<RunningPod>;
  inNamespace(namespace: string): Iterable<RunningPod>;
}

export function createRunningPods({ newMemory, now }: { newMemory(): ProxyMemory; now(): number }): RunningPods {
  const byUid = new Map<string, RunningPod>();
  const byAddress = new Map<string, RunningPod[]>();
  const byNamespace = new Map<string, Set<RunningPod>>();

  function remove(uid: string) {
    const known = byUid.get(uid);
    if (!known) return;
    byUid.delete(uid);
    byNamespace.get(namespaceOf(known.pod))?.delete(known);
    const others = (byAddress.get(known.address) ?? []).filter((p) => p !== known);
    if (others.length > 0) byAddress.set(known.address, others);
    else byAddress.delete(known.address);
  }

  return {
    attach(pod, containers) {
      const running = {
        ...describe(pod, containers),
        chance: byUid.get(pod.metadata.uid ?? '')?.chance ?? newMemory(),
        since: now(),
      };
      remove(running.uid);
      byUid.set(running.uid, running);
      const namespace = namespaceOf(pod);
      byNamespace.set(namespace, (byNamespace.get(namespace) ?? new Set()).add(running));
      byAddress.set(running.address, (byAddress.get(running.address) ?? []).concat(running));
    },
    detach: remove,
    update(pod) {
      const known = byUid.get(pod.metadata.uid ?? '');
      if (!known) return;
      known.pod = pod;
      const labels = pod.metadata.labels ?? {};
      if (!sameLabels(known.proxy.labels, labels)) known.proxy = { ...known.proxy, labels };
    },
    get: (uid) => byUid.get(uid),
    at(address, port) {
      const pods = byAddress.get(address);
      if (!pods || pods.length === 1) return pods?.[0];
      return pods.find((p) => handlerOn(p, port)) ?? pods[0];
    },
    all: () => byUid.values(),
    inNamespace: (namespace) => byNamespace.get(namespace) ?? [],
  };
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? 'default';
}

/** The program of the pod that listens on the port. */
export function handlerOn({ containers }: RunningPod, port: number): Handler | undefined {
  for (const { ports } of containers.values()) if (Object.hasOwn(ports, port)) return ports[port];
  return undefined;
}

/** Its proxy neither takes nor makes connections: its listeners are closed. */
export function isDrained({ containers }: RunningPod): boolean {
  return containers.get('istio-proxy')?.isDrained?.() ?? false;
}

/** A control plane that pushes: istiod is Ready and its program runs. */
export function isRunningIstiod({ pod, containers }: RunningPod, rootNamespace: string): boolean {
  const { namespace, labels } = pod.metadata;
  return namespace === rootNamespace && labels?.app === 'istiod' && containers.size > 0 && isServing(pod);
}

function describe(
  pod: KubeObject,
  containers: ReadonlyMap<string, RunningContainer>,
): Omit<RunningPod, 'chance' | 'since'> {
  const { namespace = 'default', name, uid = `${namespace}/${name}`, labels = {} } = pod.metadata;
  const spec = (pod.spec ?? {}) as { serviceAccountName?: string; nodeName?: string };
  const status = (pod.status ?? {}) as { podIP?: string };
  const role = containers.has('istio-proxy') ? proxyRole(pod) : 'plain';
  return {
    uid,
    pod,
    containers,
    address: status.podIP ?? '',
    role,
    proxy: {
      kind: role === 'gateway' ? 'gateway' : 'sidecar',
      namespace,
      labels,
      ...(spec.nodeName && { node: spec.nodeName }),
    },
    identity: `spiffe://cluster.local/ns/${namespace}/sa/${spec.serviceAccountName ?? 'default'}`,
    certificateHash: role === 'plain' ? '' : createHash('sha256').update(uid).digest('hex'),
  };
}

/** The agent is started as `proxy sidecar` or `proxy router`. */
function proxyRole(pod: KubeObject): 'sidecar' | 'gateway' {
  const { args } = containersOf(pod).find((c) => c.name === 'istio-proxy') ?? {};
  return Array.isArray(args) && args[1] === 'router' ? 'gateway' : 'sidecar';
}

function sameLabels(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
