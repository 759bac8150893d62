// One stored object, several served versions: the apiVersion is written on the way out.
import type { KubeObject } from '../../mesh/objects.ts';
import { autoscalerAsV1, isAutoscaler } from './autoscaler-versions.ts';
import { asNewEvent, newEvents } from './event-versions.ts';
import type { KindDefinition } from './kinds/built-in.ts';

/** The object as `version` of its kind; the same object when that is how it is stored. */
export function asVersion(object: KubeObject, kind: KindDefinition, version: string): KubeObject {
  const apiVersion = kind.group === '' ? version : `${kind.group}/${version}`;
  if (object.apiVersion === apiVersion) return object;
  if (kind === newEvents) return asNewEvent(object);
  if (isAutoscaler(kind) && version === 'v1') return autoscalerAsV1(object);
  return { ...object, apiVersion };
}
