// All that a diagnosis looks at, read once: plain objects by kind. Rules are functions of a scene, so tests drive them
// without a cluster.
import { ClusterError } from '../cluster/cluster-error.ts';
import type { KubeClient, KubeQuery } from '../cluster/contract.ts';
import type { KubeObject } from '../mesh/objects.ts';
import type {
  DeploymentSpec,
  DeploymentStatus,
  DestinationRuleSpec,
  GatewaySpec,
  PodSpec,
  PodStatus,
  ServiceSpec,
  VirtualServiceSpec,
} from './specs.ts';

export type Pod = KubeObject<PodSpec, PodStatus>;
export type Service = KubeObject<ServiceSpec>;
export type Deployment = KubeObject<DeploymentSpec, DeploymentStatus>;
export type Gateway = KubeObject<GatewaySpec>;
export type VirtualService = KubeObject<VirtualServiceSpec>;
export type DestinationRule = KubeObject<DestinationRuleSpec>;

export interface Scene {
  objects: readonly KubeObject[];
  namespaces: readonly KubeObject[];
  nodes: readonly KubeObject[];
  /** Without those that are being deleted. */
  pods: readonly Pod[];
  services: readonly Service[];
  deployments: readonly Deployment[];
  gateways: readonly Gateway[];
  virtualServices: readonly VirtualService[];
  destinationRules: readonly DestinationRule[];
  /** Kinds that change what traffic does and that routing alone does not explain. */
  policies: readonly KubeObject[];
  /** Certificates, and the Gateway API. */
  entryObjects: readonly KubeObject[];
  telemetries: readonly KubeObject[];
  webhooks: readonly KubeObject[];
}

export const rootNamespace = 'istio-system';

const policyKinds: KubeQuery[] = [
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' },
  { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' },
  { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication' },
  { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar' },
  { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry' },
  { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter' },
];

/** What decides, beside routes, how requests come in. */
export const entryKinds: KubeQuery[] = [
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' },
  { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant' },
];

export const sceneKinds: KubeQuery[] = [
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'v1', kind: 'Node' },
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' },
  { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' },
  ...entryKinds,
  ...policyKinds,
];

/** Rejects with ClusterError. */
export async function readScene(client: KubeClient): Promise<Scene> {
  return createScene((await Promise.all(sceneKinds.map((query) => list(client, query)))).flat());
}

/** Who may not read Secrets may still be judged: rules that need them do without. */
async function list(client: KubeClient, query: KubeQuery): Promise<KubeObject[]> {
  try {
    return await client.list(query);
  } catch (error) {
    if (query.kind === 'Secret' && error instanceof ClusterError && error.reason === 'forbidden') return [];
    throw error;
  }
}

export function createScene(objects: readonly KubeObject[]): Scene {
  const byKind = Map.groupBy(objects, (o) => o.kind);
  const of = <T extends KubeObject = KubeObject>(kind: string): T[] => (byKind.get(kind) ?? []) as T[];
  return {
    objects,
    namespaces: of('Namespace'),
    nodes: of('Node'),
    pods: of<Pod>('Pod').filter((p) => p.metadata.deletionTimestamp === undefined),
    services: of<Service>('Service'),
    deployments: of<Deployment>('Deployment'),
    gateways: of<Gateway>('Gateway').filter((g) => g.apiVersion.startsWith('networking.istio.io/')),
    virtualServices: of<VirtualService>('VirtualService'),
    destinationRules: of<DestinationRule>('DestinationRule'),
    policies: policyKinds.flatMap(({ kind }) => of(kind)),
    entryObjects: objects.filter((o) => entryKinds.some((k) => k.kind === o.kind && k.apiVersion === o.apiVersion)),
    telemetries: of('Telemetry'),
    webhooks: of('MutatingWebhookConfiguration'),
  };
}
