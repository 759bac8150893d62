// What a cluster is, read from its API.
import type { KubeObject } from '../mesh/objects.ts';
import type { ClusterFacts, KubeClient } from './contract.ts';

/**
 * How long a change may take to reach the proxies, milliseconds. istiod waits for some calm before it pushes, then the
 * proxies take a moment: a changed VirtualService was seen obeyed after 110 to 170 ms on a quiet real mesh, and
 * docs/fidelidad.md tells how long on a busy one. Whoever has made istiod wait for longer is waited for in proportion.
 */
const patience = { simulated: 2_000, real: 8_000, calms: 20, most: 60_000 };
/** PILOT_DEBOUNCE_AFTER, unless the Deployment says otherwise. */
const usualCalm = 100;

/** Certificates and tokens of the mesh are made valid from some seconds before: under this nothing is refused. */
const harmlessSkew = 30;

export async function readFacts(client: KubeClient): Promise<ClusterFacts> {
  const [version, nodes, istiods, leases, now] = await Promise.all([
    client.raw('/version'),
    client.list({ apiVersion: 'v1', kind: 'Node' }),
    client.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', labelSelector: 'app=istiod' }),
    client.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-node-lease' }),
    client.serverTime(),
  ]);
  const serverVersion = gitVersion(version);
  const simulated = /\+malla\b/.test(serverVersion);
  const istiod = istiods[0];
  const skewed = now === undefined ? undefined : furthestClock(leases, nodes.filter(isNodeReady), now);
  return {
    serverVersion,
    simulated,
    nodes: nodes.map((node) => ({ name: node.metadata.name, ready: isNodeReady(node) })),
    ...(istiod ? { istio: { version: imageTag(istiod), ready: readyReplicas(istiod) > 0 } } : {}),
    ...(skewed ? { skewedClock: skewed } : {}),
    patience: simulated ? patience.simulated : realPatience(istiod),
  };
}

export function isNodeReady(node: KubeObject): boolean {
  const { conditions = [] } = (node.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}

/**
 * A kubelet writes its own time in its Lease every ten seconds. On a node that is Ready, one from the future or long
 * past tells that its clock is wrong, not that it is gone.
 */
export function furthestClock(
  leases: readonly KubeObject[],
  ready: readonly KubeObject[],
  now: number,
): { node: string; seconds: number } | undefined {
  let furthest: { node: string; seconds: number } | undefined;
  for (const { metadata, spec } of leases) {
    const { renewTime = '' } = (spec ?? {}) as { renewTime?: string };
    const seconds = Math.round((Date.parse(renewTime) - now) / 1000);
    // A Lease is some seconds old by nature.
    const off = seconds < 0 ? -seconds - renewal : seconds;
    if (!(off > harmlessSkew) || !ready.some((n) => n.metadata.name === metadata.name)) continue;
    if (!furthest || Math.abs(seconds) > Math.abs(furthest.seconds)) furthest = { node: metadata.name, seconds };
  }
  return furthest;
}

/** Seconds between two writes of a Lease, and as much again for one that comes late. */
const renewal = 20;

/** Of istiod's Deployment; undefined where there is none. */
export function realPatience(istiod: KubeObject | undefined): number {
  const { template } = (istiod?.spec ?? {}) as { template?: { spec?: { containers?: { env?: EnvVar[] }[] } } };
  const env = (template?.spec?.containers ?? []).flatMap((c) => c.env ?? []);
  const calm = durationOf(env.find((v) => v.name === 'PILOT_DEBOUNCE_AFTER')?.value) ?? usualCalm;
  return Math.min(patience.most, Math.max(patience.real, calm * patience.calms));
}

interface EnvVar {
  name?: string;
  value?: string;
}

/** Milliseconds of a Go duration in one unit, such as `500ms` or `1.5s`. */
function durationOf(value: string | undefined): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(value ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
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
