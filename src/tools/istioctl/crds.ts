import type { KubeObject } from '../../mesh/objects.ts';

/** Istio's custom resource definitions; read when first needed, for they are large. */
export async function istioCrds(): Promise<KubeObject[]> {
  const { default: crds } = await import('./generated/crds.json', { with: { type: 'json' } });
  return crds as unknown as KubeObject[];
}
