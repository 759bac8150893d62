import type { KubeObject } from '../../../mesh/objects.ts';
import { quantityOf } from '../../../mesh/quantity.ts';
import { forbidden } from '../../api/errors.ts';
import type { Registry } from '../../contract.ts';
import { CLAIMS, type Claim, classOf } from './storage-kinds.ts';

/** Throws ApiError 403 for a claim that asks for more than before where its class cannot give more. */
export function checkGrowth(
  registry: Pick<Registry, 'get'>,
  resource: string,
  object: KubeObject,
  previous: KubeObject | undefined,
): void {
  if (resource !== CLAIMS || !previous || sizeOf(object) <= sizeOf(previous)) return;
  if (classOf(registry, object as Claim)?.allowVolumeExpansion === true) return;
  throw forbidden(
    `persistentvolumeclaims "${object.metadata.name}" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`,
  );
}

function sizeOf(claim: KubeObject): number {
  return quantityOf((claim as Claim).spec?.resources?.requests?.storage);
}
