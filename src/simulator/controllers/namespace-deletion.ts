// A namespace that is being deleted takes its content along, and goes when it is empty.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent } from '../contract.ts';
import { equal } from './equal.ts';
import type { Condition } from './kinds.ts';
import { createObjectIndex, type ObjectKey } from './object-index.ts';
import { conditionOf, setStatus } from './pods.ts';
import { timestamp } from './time.ts';
import { createWorkQueue } from './work-queue.ts';

type Namespace = KubeObject<{ finalizers?: string[] }, { phase?: string; conditions?: Condition[] }>;

export function startNamespaceDeletion(registry: Registry, clock: Clock): () => void {
  const queue = createWorkQueue(clock, 'namespace', sync);
  const ending = new Set<string>();
  const index = createObjectIndex(registry, onChange);
  return () => {
    index.stop();
    queue.stop();
  };

  function onChange({ type, resource, object }: RegistryEvent) {
    const { name, namespace, deletionTimestamp } = object.metadata;
    if (resource === 'namespaces' && (deletionTimestamp || type === 'DELETED')) {
      ending.add(name);
      queue.add(name);
    } else if (namespace && type === 'DELETED' && ending.has(namespace)) {
      queue.add(namespace);
    }
  }

  function sync(name: string) {
    const namespace = registry.get('namespaces', undefined, name) as Namespace | undefined;
    if (namespace && !namespace.metadata.deletionTimestamp) {
      ending.delete(name);
      return;
    }
    // As long as there are pods, what they may still need stays: their configuration, their permissions.
    const content = index.inNamespace(name);
    const pods = content.filter(({ resource }) => resource === 'pods').filter((key) => !removeContent(key));
    const left = pods.length > 0 ? pods : content.filter((key) => !removeContent(key));
    if (!namespace) ending.delete(name);
    else if (pods.length > 0) report(namespace, []);
    else if (left.length > 0) report(namespace, left);
    else finalize(namespace);
  }

  /** True when the object is gone. */
  function removeContent({ resource, namespace, name, uid }: ObjectKey): boolean {
    const object = registry.get(resource, namespace, name);
    if (object?.metadata.uid !== uid) return true;
    if (!object.metadata.deletionTimestamp)
      registry.remove(resource, namespace, name, { propagationPolicy: 'Background' });
    return registry.get(resource, namespace, name) === undefined;
  }

  function finalize({ metadata: { name } }: Namespace) {
    registry.edit('namespaces', undefined, name, (copy) => {
      const { spec } = copy as Namespace;
      if (spec) spec.finalizers = (spec.finalizers ?? []).filter((f) => f !== 'kubernetes');
    });
    if (registry.get('namespaces', undefined, name)) registry.remove('namespaces', undefined, name);
  }

  function report(namespace: Namespace, left: ObjectKey[]) {
    const known = namespace.status?.conditions;
    const conditions = remaining(left, registry).map((condition): Condition => {
      const before = conditionOf(known, condition.type);
      const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
      return { ...condition, lastTransitionTime: since ?? timestamp(clock) };
    });
    const status = { ...namespace.status, phase: 'Terminating', conditions };
    if (!equal(status, namespace.status)) setStatus(registry, 'namespaces', namespace, status);
  }
}

function remaining(left: ObjectKey[], registry: Registry): Condition[] {
  const content = count(left.map((key) => groupResource(key.resource)));
  const finalizers = count(
    left.flatMap(({ resource, namespace, name }) => registry.get(resource, namespace, name)?.metadata.finalizers ?? []),
  );
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      status: 'False',
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    content.length > 0
      ? {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${content.map(([name, n]) => `${name} has ${n} resource instances`).join(', ')}`,
        }
      : {
          type: 'NamespaceContentRemaining',
          status: 'False',
          reason: 'ContentRemoved',
          message: 'All content successfully removed',
        },
    finalizers.length > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${finalizers.map(([name, n]) => `${name} in ${n} resource instances`).join(', ')}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        },
  ];
}

function count(names: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `pods.`, `deployments.apps`: how a group and resource are written. */
function groupResource(resource: string): string {
  const [first = '', second] = resource.split('/');
  return second ? `${second}.${first}` : `${first}.`;
}
