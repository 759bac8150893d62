// What the engine needs to decide as the cluster would: read once for each question.
import { parse } from 'yaml';
import type { KubeClient } from '../../cluster/contract.ts';
import type { KubeObject } from '../../mesh/objects.ts';

const istio = (group: string, kinds: string[], version = 'v1') =>
  kinds.map((kind) => ({ apiVersion: `${group}.istio.io/${version}`, kind }));

const kinds = [
  ...['Service', 'Pod', 'Node', 'Namespace'].map((kind) => ({ apiVersion: 'v1', kind })),
  ...istio('networking', ['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'WorkloadEntry']),
  ...istio('security', ['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy']),
  ...istio('telemetry', ['Telemetry']),
  ...['GatewayClass', 'Gateway', 'HTTPRoute', 'GRPCRoute'].map((kind) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
  })),
  { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant' },
];

export const rootNamespace = 'istio-system';

/** Rejects with ClusterError. */
export async function readMeshObjects(client: KubeClient): Promise<KubeObject[]> {
  return (await Promise.all(kinds.map((query) => client.list(query)))).flat();
}

/** `data.mesh` of the ConfigMap istio. Undefined without Istio, or when it is no YAML object. Rejects with ClusterError. */
export async function readMeshConfig(client: KubeClient): Promise<Record<string, unknown> | undefined> {
  const map = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: rootNamespace, name: 'istio' });
  const text = (map?.data as { mesh?: unknown } | undefined)?.mesh;
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
