// What all of Istio's objects share: the order of age and who may see them.
import type { KubeObject } from './objects.ts';
import { texts } from './read.ts';

export function isIstio(object: KubeObject, kind: string, group = 'networking.istio.io'): boolean {
  return object.kind === kind && String(object.apiVersion).startsWith(`${group}/`);
}

/** Oldest first, then by name, then by namespace: the order in which istiod prefers objects. */
export function byAge(a: KubeObject, b: KubeObject): number {
  return (
    compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compare(a.metadata.name, b.metadata.name) ||
    compare(namespaceOf(a), namespaceOf(b))
  );
}

export function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? 'default';
}

/** `exportTo`: everybody by default, `.` is the object's own namespace. */
export function visibility(exportTo: unknown, namespace: string): (from: string) => boolean {
  const targets = texts(exportTo);
  if (targets.length === 0 || targets.includes('*')) return () => true;
  const namespaces = new Set(targets.map((t) => (t === '.' ? namespace : t)));
  return (from) => namespaces.has(from);
}

/** Byte order, as Go sorts; not the reader's locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
