// Which security objects are for a proxy: of the root namespace for all, of its own namespace, of its own labels.
import { byAge, isIstio, namespaceOf } from '../config-objects.ts';
import type { Proxy as MeshProxy } from '../engine.ts';
import type { KubeObject } from '../objects.ts';
import { fields, hasLabels, items, stringMap, text } from '../read.ts';

export interface SecurityObjects {
  /** Oldest first: root namespace's, then the proxy's own. */
  forProxy(proxy: MeshProxy): readonly KubeObject[];
}

export function indexSecurityObjects(
  objects: readonly KubeObject[],
  kind: string,
  rootNamespace: string,
): SecurityObjects {
  const byNamespace = Map.groupBy(
    objects.filter((o) => isIstio(o, kind, 'security.istio.io')).sort(byAge),
    namespaceOf,
  );
  return {
    forProxy(proxy) {
      const namespaces = new Set([rootNamespace, proxy.namespace]);
      return [...namespaces].flatMap((n) => byNamespace.get(n) ?? []).filter((o) => isFor(o, proxy));
    },
  };
}

export function selectorOf({ spec }: KubeObject): ReadonlyMap<string, string> {
  return stringMap(fields(fields(spec).selector).matchLabels);
}

/** With targetRefs an object is for the gateways that they name in its own namespace, and for nobody else. */
function isFor(object: KubeObject, proxy: MeshProxy): boolean {
  const { targetRef, targetRefs } = fields(object.spec);
  const targets = [...(targetRef === undefined ? [] : [targetRef]), ...items(targetRefs)].map(fields);
  if (targets.length === 0) return hasLabels(proxy.labels, selectorOf(object));
  const gateway = proxy.labels['gateway.networking.k8s.io/gateway-name'];
  if (namespaceOf(object) !== proxy.namespace) return false;
  return targets.some(({ kind, name }) => text(kind) === 'Gateway' && gateway !== undefined && text(name) === gateway);
}
