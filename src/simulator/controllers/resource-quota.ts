import type { Clock, Registry, RegistryEvent, ResourceId } from '../contract.ts';
import { equal } from './equal.ts';
import { keyOf, setStatus, splitKey } from './pods.ts';
import { countedKind, type ResourceQuota, usageOf, usedOf } from './quota-usage.ts';
import { createWorkQueue } from './work-queue.ts';

const QUOTAS = 'resourcequotas';

/** Tells in each ResourceQuota how much of it is used. Admission reckons for itself: see quota-admission.ts. */
export function startResourceQuotas(registry: Registry, clock: Clock): () => void {
  const queue = createWorkQueue(clock, 'resource quota', sync);
  const watched = new Map<ResourceId, () => void>();
  const stop = registry.watch(QUOTAS, ({ object }) => queue.add(keyOf(object)));
  return () => {
    stop();
    for (const end of watched.values()) end();
    queue.stop();
  };

  /** Only what some quota counts is listened to. */
  function watch(resource: ResourceId) {
    if (watched.has(resource)) return;
    watched.set(
      resource,
      registry.watch(resource, (event) => onCounted(resource, event)),
    );
  }

  function onCounted(resource: ResourceId, { type, object, previous }: RegistryEvent) {
    for (const quota of registry.list(QUOTAS, object.metadata.namespace) as ResourceQuota[]) {
      const before = previous && type !== 'DELETED' ? usageOf(resource, previous, quota) : undefined;
      const now = usageOf(resource, object, quota);
      if (before && equal(before, now)) continue;
      queue.add(keyOf(quota));
    }
  }

  function sync(key: string) {
    const quota = registry.get(QUOTAS, ...splitKey(key)) as ResourceQuota | undefined;
    if (!quota?.spec || quota.metadata.deletionTimestamp) return;
    for (const name of Object.keys(quota.spec.hard ?? {})) watch(countedKind(name));
    const used = usedOf(quota, (resource) => registry.list(resource, quota.metadata.namespace));
    const status = { hard: quota.spec.hard ?? {}, used };
    if (!equal(status, quota.status)) setStatus(registry, QUOTAS, quota, status);
  }
}
