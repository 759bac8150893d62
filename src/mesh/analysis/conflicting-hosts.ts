// IST0109: several VirtualServices of the mesh for one host, of which only the oldest counts.
import { namespaceOf } from '../config-objects.ts';
import { fullHost } from '../host-names.ts';
import type { KubeObject } from '../objects.ts';
import { fields, texts } from '../read.ts';
import { type Finding, fullName, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function conflictingHosts({ virtualServices }: Scene): Finding[] {
  const hosts = new Map<string, { object: KubeObject; path: string; scopes: string[] }[]>();
  for (const object of virtualServices.filter(isOfMesh)) {
    const namespace = namespaceOf(object);
    for (const written of texts(fields(object.spec).hosts)) {
      const host = fullHost(written, namespace);
      const list = hosts.get(host) ?? [];
      hosts.set(host, list);
      list.push({ object, path: 'metadata.name', scopes: scopesOf(object) });
    }
  }
  // Each is told of once.
  const reported = new Set<KubeObject>();
  return [...hosts].flatMap(([host, all]) => {
    if (all.length < 2) return [];
    const scopes = new Set(all.flatMap((v) => v.scopes));
    return [...scopes].flatMap((scope) => {
      const rivals = all.filter((v) => v.scopes.includes(scope) || v.scopes.includes('*'));
      if (rivals.length < 2) return [];
      const names = rivals.map((v) => fullName(v.object)).sort();
      const text = `The VirtualServices ${names.join(',')} associated with mesh gateway define the same host ${scope}/${host} which can lead to undefined behavior. This can be fixed by merging the conflicting VirtualServices into a single resource.`;
      return rivals
        .filter(({ object }) => !reported.has(object) && reported.add(object))
        .map(({ object, path }) => ({
          code: 'IST0109',
          level: 'Error' as const,
          object: sourceOf(object, path),
          text,
        }));
    });
  });
}

function isOfMesh({ spec }: KubeObject): boolean {
  const gateways = texts(fields(spec).gateways);
  return gateways.length === 0 || gateways.includes('mesh');
}

/** The namespaces that see it; `*` is all. */
function scopesOf(object: KubeObject): string[] {
  const exported = texts(fields(object.spec).exportTo);
  if (exported.length === 0 || exported.includes('*')) return ['*'];
  return exported.map((scope) => (scope === '.' ? namespaceOf(object) : scope));
}
