// A place for one on a cluster that others use: a namespace with an ingress gateway of its own. What is done in it is seen
// by nobody who does not come in by that gateway.
import type { KubeClient } from '../contract.ts';
import type { ClassPlace } from '../kubeadm/attach.ts';
import { gatewayLabel, placeLabel } from '../kubeadm/place.ts';
import { type ClassSettings, namespaceOf, usualLimits } from './class.ts';
import { classroomError } from './classroom-error.ts';
import { fieldManager } from './create-class.ts';
import { gatewayObjects } from './objects/gateway.ts';
import { namespaceObject } from './objects/place.ts';

const owner = { id: 'practicas', name: 'Prácticas con Malla' };
/** Also the class that `malla aula borrar --nombre` takes away. */
export const ownClass = 'malla';
export const ownNamespace = namespaceOf({ name: ownClass }, owner);

/** As it will be, or is already: nothing is asked of the cluster. */
export const ownPlace: ClassPlace = { namespace: ownNamespace, gateway: gatewayLabel(owner) };

/** Makes it, or completes it. Rejects with CodedError MALLA-AUL-05 when that namespace is another's, and ClusterError. */
export async function makeOwnPlace(
  client: KubeClient,
  istio: Pick<ClassSettings, 'istio' | 'revision'>,
): Promise<void> {
  const settings: ClassSettings = { name: ownClass, ...istio, podRanges: [], limits: usualLimits };
  const found = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: ownNamespace });
  if (found && found.metadata.labels?.[placeLabel] !== ownClass)
    throw classroomError('MALLA-AUL-05', `El espacio ${ownNamespace} ya existe y no es de Malla.`);
  for (const object of [namespaceObject(settings, owner), ...gatewayObjects(settings, owner)])
    await client.apply(object, fieldManager);
}
