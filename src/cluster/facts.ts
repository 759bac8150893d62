// What a cluster is, read from its API.
import type { KubeObject } from '../mesh/objects.ts';
import type { ClusterFacts, KubeClient } from './contract.ts';

/**
 * How long a change may take to reach the proxies. istiod waits for 100 ms of calm, at most 10 s (PILOT_DEBOUNCE_AFTER
 * and _MAX), then pushes; a changed VirtualService was seen obeyed after 110 to 170 ms on a real mesh.
 */
const patience = { simulated: 2_000, real: 8_000 };

export async function readFacts(client: KubeClient): Promise<ClusterFacts> {
  const [version, nodes, istiods] = await Promise.all([
    client.raw('/version'),
    client.list({ apiVersion: 'v1', kind: 'Node' }),
    client.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', labelSelector: 'app=istiod' }),
  ]);
  const serverVersion = gitVersion(version);
  const simulated = /\+malla\b/.test(serverVersion);
  const istiod = istiods[0];
  return {
    serverVersion,
    simulated,
    nodes: nodes.map((node) => ({ name: node.metadata.name, ready: isNodeReady(node) })),
    ...(istiod ? { istio: { version: imageTag(istiod), ready: readyReplicas(istiod) > 0 } } : {}),
    patience: simulated ? patience.simulated : patience.real,
  };
}

export function isNodeReady(node: KubeObject): boolean {
  const { conditions = [] } = (node.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}

function gitVersion(version: unknown): string {
  const found = typeof version === 'object' && version !== null && 'gitVersion' in version ? version.gitVersion : '';
  return typeof found === 'string' ? found : '';
}

function imageTag(deployment: KubeObject): string {
  const { template } = (deployment.spec ?? {}) as { template?: { spec?: { containers?: { image?: string }[] } } };
  const image = template?.spec?.containers?.[0]?.image ?? '';
  return /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? '';
}

function readyReplicas(deployment: KubeObject): number {
  return ((deployment.status ?? {}) as { readyReplicas?: number }).readyReplicas ?? 0;
}
