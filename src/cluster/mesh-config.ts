// The mesh configuration that istiod reads, from its ConfigMap.
import { parse } from 'yaml';
import type { KubeClient } from './contract.ts';

/** Empty when there is none, or when it is no YAML: istiod then goes by its defaults too. Rejects with ClusterError. */
export async function readMeshConfig(client: KubeClient): Promise<Readonly<Record<string, unknown>>> {
  const found = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' });
  const { mesh } = (found?.data ?? {}) as { mesh?: unknown };
  if (typeof mesh !== 'string') return {};
  try {
    const value: unknown = parse(mesh, { maxAliasCount: 0 });
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
