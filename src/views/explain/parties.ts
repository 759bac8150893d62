// Who can send a request and to whom: proxies that run, and hosts of the mesh.

import { selects } from '../../cluster/labels.ts';
import type { Proxy as MeshProxy } from '../../mesh/engine.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { indexServices } from '../../mesh/services.ts';
import type { ClientId, ExplainChoices } from './explained-request.ts';

interface Container {
  name?: string;
  args?: unknown;
}
interface GatewaySpec {
  selector?: Record<string, string>;
}
interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
}

export function choicesOf(objects: readonly KubeObject[]): ExplainChoices {
  const selectors = objects
    .filter((o) => o.kind === 'Gateway')
    .map((o) => (o.spec as GatewaySpec | undefined)?.selector);
  const clients = objects.flatMap((pod) => {
    const proxy = proxyOf(pod);
    if (!proxy) return [];
    const { namespace, name } = pod.metadata;
    const gateway = proxy.kind === 'gateway';
    const what = gateway ? 'gateway' : 'pod';
    // A gateway that some Gateway uses comes first: it is the one that students send requests to.
    const rank = gateway ? (selectors.some((selector) => selects(selector, proxy.labels)) ? 0 : 1) : 2;
    return [{ rank, id: `${proxy.kind}/${namespace}/${name}`, title: `${what} ${name} (${namespace})`, gateway }];
  });
  clients.sort((a, b) => a.rank - b.rank || a.title.localeCompare(b.title));
  const hosts = [...indexServices(objects).all()]
    .map(({ name, namespace, ports }) => ({ host: `${name}.${namespace}`, ports: ports.map((p) => p.port) }))
    .sort((a, b) => a.host.localeCompare(b.host));
  return { clients: clients.map(({ id, title, gateway }) => ({ id, title, gateway })), hosts };
}

export function findClient(
  objects: readonly KubeObject[],
  id: ClientId,
): { pod: KubeObject; proxy: MeshProxy } | undefined {
  const [, namespace, name] = id.split('/');
  const pod = objects.find((o) => o.kind === 'Pod' && o.metadata.name === name && o.metadata.namespace === namespace);
  const proxy = pod && proxyOf(pod);
  return pod && proxy ? { pod, proxy } : undefined;
}

/** Undefined for what is no pod of the mesh. The agent is started as `proxy sidecar` or `proxy router`. */
export function proxyOf({ apiVersion, kind, metadata, spec }: KubeObject): MeshProxy | undefined {
  if (kind !== 'Pod' || apiVersion !== 'v1' || metadata.deletionTimestamp !== undefined) return undefined;
  const { containers = [], initContainers = [] } = (spec ?? {}) as PodSpec;
  const container = [...containers, ...initContainers].find((c) => c.name === 'istio-proxy');
  if (!container) return undefined;
  const router = Array.isArray(container.args) && container.args[1] === 'router';
  return {
    kind: router ? 'gateway' : 'sidecar',
    namespace: metadata.namespace ?? 'default',
    labels: metadata.labels ?? {},
  };
}
