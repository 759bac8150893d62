// Why a request does not come by the pods in whose proxy a check looks for a flag: it is sent to others of their Service.
import { parseSelector } from '../../cluster/label-selector.ts';
import type { HttpPattern } from '../../labs/check-kinds/http.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { findHop } from '../hop.ts';
import type { EntryRequest } from '../prediction.ts';
import type { Pod, Scene } from '../scene.ts';
import { podsBehind } from '../subsets.ts';
import { wrongMeshSplit } from './split.ts';

/** Undefined when the pods are all that their Service has, or when its rules send it only to them. */
export function flaggedApart(scene: Scene, request: EntryRequest, { flag }: HttpPattern): Diagnosis | undefined {
  if (!flag) return undefined;
  const matches = parseSelector(flag.selector);
  const flagged = (pod: Pod): boolean =>
    pod.metadata.namespace === flag.namespace && matches(pod.metadata.labels ?? {});
  for (const service of scene.services) {
    const pods = podsBehind(scene, service);
    const own = pods.filter(flagged);
    if (own.length === 0 || own.length === pods.length) continue;
    const version = own[0]?.metadata.labels?.version ?? flag.selector;
    const classOf = new Map(
      pods.map((p) => [p.metadata.name, flagged(p) ? version : (p.metadata.labels?.version ?? 'otro')]),
    );
    const { name, namespace = 'default' } = service.metadata;
    const hop = findHop(scene, request, `${name}.${namespace}`);
    const target = { service, port: service.spec?.ports?.[0]?.port ?? 80, classOf };
    const found = wrongMeshSplit(scene, {
      target,
      expected: { [version]: 1 },
      natural: false,
      callerNamespace: namespace,
      ...(hop && { hop }),
    });
    if (found) return found;
  }
  return undefined;
}
