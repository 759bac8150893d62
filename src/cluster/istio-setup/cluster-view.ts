// What a preflight of Istio has to know of a cluster, read once.
import type { KubeObject } from '../../mesh/objects.ts';
import { quantityOf } from '../../mesh/quantity.ts';
import type { KubeClient } from '../contract.ts';
import { isNodeReady } from '../facts.ts';

export interface NodeRoom {
  name: string;
  /** Ready, not cordoned, without a taint that keeps ordinary pods away. */
  usable: boolean;
  architecture: string;
  /** The nodes of a kind cluster share one: each says that it has all of it. */
  machine: string;
  has: Resources;
  /** By its pods. */
  asked: Resources;
}

export interface Resources {
  cpu: number;
  /** Bytes. */
  memory: number;
}

export interface WebhookTarget {
  configuration: string;
  webhook: string;
  /** `Fail` stops what it watches when nobody answers. */
  failurePolicy: string;
  service: string;
  /** The Service exists and has an address ready. */
  answered: boolean;
}

export interface ClusterView {
  serverVersion: string;
  simulated: boolean;
  nodes: NodeRoom[];
  crds: { name: string; group: string; versions: string[] }[];
  webhooks: WebhookTarget[];
  /** `namespace/name`. */
  daemonSets: string[];
  /** Deployments that are istiod, or that older releases had. */
  istiods: { namespace: string; name: string; version: string; revision: string; ours: boolean }[];
  deployments: string[];
  namespaces: { name: string; labels: Record<string, string>; terminating: boolean }[];
}

/** Rejects with ClusterError. */
export async function viewCluster(client: KubeClient): Promise<ClusterView> {
  const everywhere = (apiVersion: string, kind: string): Promise<KubeObject[]> => client.list({ apiVersion, kind });
  const [version, nodes, pods, crds, daemonSets, deployments, namespaces, webhooks] = await Promise.all([
    client.raw('/version'),
    everywhere('v1', 'Node'),
    everywhere('v1', 'Pod'),
    everywhere('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
    everywhere('apps/v1', 'DaemonSet'),
    everywhere('apps/v1', 'Deployment'),
    everywhere('v1', 'Namespace'),
    readWebhooks(client),
  ]);
  const { gitVersion = '' } = version as { gitVersion?: string };
  const managed = new Map(namespaces.map((n) => [n.metadata.name, n.metadata.labels ?? {}]));
  return {
    serverVersion: gitVersion,
    simulated: /\+malla\b/.test(gitVersion),
    nodes: nodes.map((node) => roomOf(node, pods)),
    crds: crds.map(crdOf),
    webhooks,
    daemonSets: daemonSets.map(placeOf),
    deployments: deployments.map(placeOf),
    istiods: deployments
      .filter((d) => d.metadata.labels?.app === 'istiod')
      .map((d) => {
        const namespace = d.metadata.namespace ?? '';
        const ours = managed.get(namespace)?.['app.kubernetes.io/managed-by'] === 'malla';
        const revision = d.metadata.labels?.['istio.io/rev'] ?? 'default';
        return { namespace, name: d.metadata.name, version: tagOf(d), revision, ours };
      }),
    namespaces: namespaces.map(({ metadata }) => ({
      name: metadata.name,
      labels: metadata.labels ?? {},
      terminating: metadata.deletionTimestamp !== undefined,
    })),
  };
}

interface NodeShape {
  spec?: { unschedulable?: boolean; providerID?: string; taints?: { key: string; effect: string }[] };
  status?: { allocatable?: { cpu?: string; memory?: string }; nodeInfo?: { architecture?: string } };
}

function roomOf(node: KubeObject, pods: readonly KubeObject[]): NodeRoom {
  const { spec = {}, status = {} } = node as NodeShape;
  const asked = { cpu: 0, memory: 0 };
  for (const pod of pods) {
    const { nodeName, containers = [] } = (pod.spec ?? {}) as PodShape;
    const { phase } = (pod.status ?? {}) as { phase?: string };
    if (nodeName !== node.metadata.name || phase === 'Succeeded' || phase === 'Failed') continue;
    for (const { resources } of containers) {
      asked.cpu += quantityOf(resources?.requests?.cpu);
      asked.memory += quantityOf(resources?.requests?.memory);
    }
  }
  const kept = (spec.taints ?? []).some((t) => t.effect !== 'PreferNoSchedule');
  return {
    name: node.metadata.name,
    usable: isNodeReady(node) && spec.unschedulable !== true && !kept,
    architecture: status.nodeInfo?.architecture ?? '',
    machine: spec.providerID?.startsWith('kind://') ? 'kind' : node.metadata.name,
    has: { cpu: quantityOf(status.allocatable?.cpu), memory: quantityOf(status.allocatable?.memory) },
    asked,
  };
}

interface PodShape {
  nodeName?: string;
  containers?: { resources?: { requests?: { cpu?: string; memory?: string } } }[];
}

function crdOf({ metadata, spec }: KubeObject) {
  const { group = '', versions = [] } = (spec ?? {}) as {
    group?: string;
    versions?: { name: string; served?: boolean }[];
  };
  return { name: metadata.name, group, versions: versions.filter((v) => v.served !== false).map((v) => v.name) };
}

async function readWebhooks(client: KubeClient): Promise<WebhookTarget[]> {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const kinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
  const configurations = (await Promise.all(kinds.map((kind) => client.list({ apiVersion, kind })))).flat();
  const targets: WebhookTarget[] = [];
  const known = new Map<string, boolean>();
  for (const { metadata, webhooks = [] } of configurations as (KubeObject & { webhooks?: WebhookShape[] })[]) {
    for (const { name = '', failurePolicy = 'Fail', clientConfig } of webhooks) {
      const service = clientConfig?.service;
      if (!service?.name || !service.namespace) continue;
      const key = `${service.namespace}/${service.name}`;
      const answered = known.get(key) ?? (await hasAddress(client, service.namespace, service.name));
      known.set(key, answered);
      targets.push({ configuration: metadata.name, webhook: name, failurePolicy, service: key, answered });
    }
  }
  return targets;
}

interface WebhookShape {
  name?: string;
  failurePolicy?: string;
  clientConfig?: { service?: { namespace?: string; name?: string } };
}

async function hasAddress(client: KubeClient, namespace: string, name: string): Promise<boolean> {
  const slices = await client.list({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  return slices.some((slice) => {
    const { endpoints } = slice as { endpoints?: { conditions?: { ready?: boolean } }[] | null };
    return (endpoints ?? []).some((e) => e.conditions?.ready !== false);
  });
}

function placeOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

function tagOf(deployment: KubeObject): string {
  const { template } = (deployment.spec ?? {}) as { template?: { spec?: { containers?: { image?: string }[] } } };
  return /:([^:/@]+)(@|$)/.exec(template?.spec?.containers?.[0]?.image ?? '')?.[1] ?? '';
}
