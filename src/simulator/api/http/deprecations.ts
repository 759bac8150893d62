// Warnings of served versions that are on their way out.
import type { KindDefinition } from '../kinds/kind-table.ts';
import { byPriority } from '../kinds/version-priority.ts';
import { isMap } from '../patch-merge.ts';

/** What a client of `version` is told with every answer; nothing most of the time. */
export function deprecation(kind: KindDefinition, version: string): string[] {
  if (kind.group === '' && kind.kind === 'Endpoints')
    return ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'];
  if (kind.group === '' && kind.kind === 'ComponentStatus') return ['v1 ComponentStatus is deprecated in v1.19+'];
  return kind.crd ? ofCustom(kind, version) : [];
}

function ofCustom({ crd, group, kind }: KindDefinition, version: string): string[] {
  const spec = crd?.spec;
  const versions = isMap(spec) && Array.isArray(spec.versions) ? spec.versions.filter(isMap) : [];
  const own = versions.find(({ name }) => name === version);
  if (own?.deprecated !== true) return [];
  if (typeof own.deprecationWarning === 'string') return [own.deprecationWarning];
  const newer = versions.filter(({ served, deprecated }) => served === true && deprecated !== true);
  const [better] = newer.map(({ name }) => String(name)).sort(byPriority);
  const instead = better === undefined || byPriority(better, version) > 0 ? '' : `; use ${group}/${better} ${kind}`;
  return [`${group}/${version} ${kind} is deprecated${instead}`];
}
