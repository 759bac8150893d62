// Gateways and VirtualServices that istiod makes of the Gateway API's objects. They carry with them where each of their
// fields is written, under a symbol that no YAML can forge.
import type { Source } from '../decision.ts';
import type { KubeObject } from '../objects.ts';

const PLACES: unique symbol = Symbol('places of the Gateway API');

/** From a YAML path in the object that was made to the object and path that it was made of. */
export type Places = (path: string) => Source;

interface MadeObject extends KubeObject {
  [PLACES]: Places;
}

export function made(object: KubeObject, places: Places): KubeObject {
  const result: MadeObject = { ...object, [PLACES]: places };
  return result;
}

/** Whether the rules of the Gateway API hold for what the object says, where they differ from Istio's own. */
export function isMade(object: KubeObject): boolean {
  return PLACES in object;
}

/** Sources that point at an object that was made, pointed at what the student wrote. */
export function translator(objects: readonly KubeObject[]): (source: Source) => Source {
  const places = new Map<string, Places>();
  for (const object of objects) {
    if (!isMade(object)) continue;
    const { kind, metadata } = object;
    places.set(keyOf(kind, metadata.namespace ?? 'default', metadata.name), (object as MadeObject)[PLACES]);
  }
  return (source) => places.get(keyOf(source.kind, source.namespace, source.name))?.(source.path) ?? source;
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
