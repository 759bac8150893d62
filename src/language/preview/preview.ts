// What applying a file would change: the same requests, decided by the engine before and after.
import { indexMesh } from '../../mesh/index-mesh.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { keyOf, type Workspace } from '../workspace.ts';
import { readWrittenFile } from '../written-file.ts';
import { podsByName, type Share, sharesOf } from './outcomes.ts';
import { type Probe, probesFor } from './probes.ts';

export interface PreviewedRequest {
  title: string;
  from: string;
  before: Share[];
  after: Share[];
  changed: boolean;
}

export interface Preview {
  /** What «before» is: the cluster, or the file as it is saved. */
  against: 'cluster' | 'saved';
  objects: { key: string; change: 'new' | 'changed' | 'same' }[];
  /** Those that change first. */
  requests: PreviewedRequest[];
}

/**
 * `saved` is the file on disk, which is what the change is held against when no cluster runs. Undefined for a file
 * without objects. Never throws.
 */
export function previewOf(workspace: Workspace, uri: string, saved: string | undefined): Preview | undefined {
  const file = workspace.file(uri);
  const own = file?.parts.flatMap((part) => part.objects.flatMap(({ object }) => object ?? [])) ?? [];
  if (own.length === 0) return undefined;
  const before = workspace.cluster ?? beforeWithoutCluster(workspace, uri, saved);
  const known = new Map(before.map((object) => [keyOf(object), object]));
  const changes = own.map((object) => ({ object, change: changeOf(object, known.get(keyOf(object))) }));
  const after = [...new Map([...before, ...own].map((object) => [keyOf(object), object])).values()];
  const changed = changes.filter(({ change }) => change !== 'same').map(({ object }) => object);
  const asked = probesFor(changed.length > 0 ? changed : own, before, after);
  const requests = compare(asked, servingPods(before), servingPods(after));
  return {
    against: workspace.cluster ? 'cluster' : 'saved',
    objects: changes.map(({ object, change }) => ({ key: keyOf(object), change })),
    requests: requests.sort((a, b) => Number(b.changed) - Number(a.changed)),
  };
}

/** The rest of the folder, and the file as it was. */
function beforeWithoutCluster(workspace: Workspace, uri: string, saved: string | undefined): KubeObject[] {
  const own = new Set(
    workspace.file(uri)?.parts.flatMap((p) => p.objects.flatMap(({ object }) => (object ? [keyOf(object)] : []))),
  );
  const others = workspace.objectsFor(uri).filter((object) => !own.has(keyOf(object)));
  const was =
    saved === undefined
      ? []
      : readWrittenFile(uri, saved).parts.flatMap((p) => p.objects.flatMap(({ object }) => object ?? []));
  return [...others, ...was];
}

function changeOf(object: KubeObject, before: KubeObject | undefined): 'new' | 'changed' | 'same' {
  if (!before) return 'new';
  return canonical(before.spec) === canonical(object.spec) ? 'same' : 'changed';
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}

function compare(probes: readonly Probe[], before: KubeObject[], after: KubeObject[]): PreviewedRequest[] {
  const engines = [before, after].map((objects) => ({
    engine: indexMesh({ objects, rootNamespace: 'istio-system' }),
    pods: podsByName(objects),
  }));
  return probes.map((probe) => {
    const [was = [], is = []] = engines.map(({ engine, pods }) => sharesOf(engine, pods, probe));
    return {
      title: probe.title,
      from: probe.from,
      before: was,
      after: is,
      changed: JSON.stringify(was) !== JSON.stringify(is),
    };
  });
}

/** Pods that only files tell of are taken as if they ran. */
export function servingPods(objects: readonly KubeObject[]): KubeObject[] {
  let next = 0;
  return objects.map((object) => {
    if (object.kind !== 'Pod' || object.status !== undefined) return object;
    next += 1;
    const podIP = `198.18.${Math.floor(next / 250) % 250}.${(next % 250) + 1}`;
    return { ...object, status: { podIP, phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };
  });
}
