// Which Telemetry objects speak of a pod: of the mesh, of its namespace, of itself, the narrowest last; the oldest of each.
import { byAge, isIstio, namespaceOf } from '../../mesh/config-objects.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, hasLabels, stringMap } from '../../mesh/read.ts';
import type { PushedMesh } from '../mesh-facts.ts';

export interface Telemetries {
  /** Oldest first. */
  all: readonly KubeObject[];
  for(pod: KubeObject): readonly KubeObject[];
}

export function indexTelemetries({
  objects,
  rootNamespace,
}: Pick<PushedMesh, 'objects' | 'rootNamespace'>): Telemetries {
  const all = objects.filter((o) => isIstio(o, 'Telemetry', 'telemetry.istio.io')).sort(byAge);
  const within = (namespace: string) => all.filter((t) => namespaceOf(t) === namespace);
  const whole = (telemetry: KubeObject) => selectorOf(telemetry).size === 0;
  return {
    all,
    for(pod) {
      const namespace = namespaceOf(pod);
      const levels = [
        within(rootNamespace).find(whole),
        namespace === rootNamespace ? undefined : within(namespace).find(whole),
        within(namespace).find((t) => !whole(t) && hasLabels(pod.metadata.labels, selectorOf(t))),
      ];
      return levels.filter((t) => t !== undefined);
    },
  };
}

function selectorOf({ spec }: KubeObject): ReadonlyMap<string, string> {
  return stringMap(fields(fields(spec).selector).matchLabels);
}
