// ControllerRevisions: the templates that a DaemonSet or StatefulSet had, which `kubectl rollout` reads and restores.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry } from '../contract.ts';
import { equal } from './equal.ts';
import { templateHash } from './hash.ts';
import type { LabelSelector, PodTemplate } from './kinds.ts';
import { isControlledBy, ownerReferenceTo } from './pods.ts';

const REVISIONS = 'apps/controllerrevisions';

interface Revision extends KubeObject {
  data?: { spec?: { template?: PodTemplate & { $patch?: string } } };
  revision?: number;
}

type Owner = KubeObject<{ selector?: LabelSelector; template?: PodTemplate; revisionHistoryLimit?: number }>;

/** The hash of the owner's current template; its revision is stored, and the newest of all. */
export function currentRevision(registry: Registry, owner: Owner, hashLabel: string): string {
  const template = owner.spec?.template ?? { spec: { containers: [] } };
  const data = { spec: { template: { ...structuredClone(template), $patch: 'replace' } } };
  const known = revisionsOf(registry, owner);
  const newest = Math.max(0, ...known.map((r) => r.revision ?? 0));
  const same = known.find((r) => equal(r.data, data));
  if (same) {
    if ((same.revision ?? 0) < newest) renumber(registry, same, newest + 1);
    return same.metadata.labels?.[hashLabel] ?? '';
  }
  const hash = templateHash(template);
  const { name, namespace } = owner.metadata;
  registry.create(REVISIONS, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace && { namespace }),
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      ownerReferences: [ownerReferenceTo(owner)],
    },
    data,
    revision: newest + 1,
  });
  return hash;
}

/** Drops the oldest revisions beyond the limit, never one that `inUse` names. */
export function forgetRevisions(registry: Registry, owner: Owner, hashLabel: string, inUse: Set<string>): void {
  const unused = revisionsOf(registry, owner).filter((r) => !inUse.has(r.metadata.labels?.[hashLabel] ?? ''));
  unused.sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0));
  for (const { metadata } of unused.slice(0, Math.max(0, unused.length - (owner.spec?.revisionHistoryLimit ?? 10)))) {
    registry.remove(REVISIONS, metadata.namespace, metadata.name);
  }
}

function revisionsOf(registry: Registry, owner: Owner): Revision[] {
  return (registry.list(REVISIONS, owner.metadata.namespace) as Revision[]).filter((r) => isControlledBy(r, owner));
}

function renumber(registry: Registry, { metadata }: Revision, revision: number) {
  registry.edit(REVISIONS, metadata.namespace, metadata.name, (copy) => {
    copy.revision = revision;
  });
}
