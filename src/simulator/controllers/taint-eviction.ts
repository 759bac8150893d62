import type { Clock, Registry, RegistryEvent } from '../contract.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Node, Pod } from './kinds.ts';
import { isFinished, keyOf, splitKey } from './pods.ts';
import { tolerates } from './taints.ts';
import { parseTime } from './time.ts';
import { createWorkQueue } from './work-queue.ts';

/** Removes pods from nodes with a NoExecute taint that they do not tolerate, or no longer. */
export function startTaintEviction(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'taint-eviction-controller' });
  const queue = createWorkQueue(clock, 'taint eviction', sync);
  /** Since when a taint without a time of its own has been seen. */
  const seen = new Map<string, number>();
  /** Pods that have been told that they will have to go. */
  const counting = new Set<string>();
  const stops = [registry.watch('nodes', onNode), registry.watch('pods', onPod)];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function onNode({ type, object, previous }: RegistryEvent) {
    const { name } = object.metadata;
    const before = JSON.stringify(previous ? evicting(previous as Node) : []);
    if (type === 'DELETED' || before === JSON.stringify(evicting(object as Node))) return;
    const keys = new Set(evicting(object as Node).map((taint) => seenKey(name, taint)));
    for (const key of seen.keys()) if (key.startsWith(`${name}/`) && !keys.has(key)) seen.delete(key);
    for (const pod of registry.list('pods') as Pod[]) if (pod.spec?.nodeName === name) queue.add(keyOf(pod));
  }

  function onPod({ type, object }: RegistryEvent) {
    if (type === 'DELETED') return void counting.delete(object.metadata.uid ?? '');
    const node = registry.get('nodes', undefined, (object as Pod).spec?.nodeName ?? '') as Node | undefined;
    if (node && evicting(node).length > 0) queue.add(keyOf(object));
  }

  function sync(key: string) {
    const pod = registry.get('pods', ...splitKey(key)) as Pod | undefined;
    if (!pod?.spec?.nodeName || pod.metadata.deletionTimestamp || isFinished(pod)) return;
    const node = registry.get('nodes', undefined, pod.spec.nodeName) as Node | undefined;
    const { uid = '', namespace, name } = pod.metadata;
    const due = node && deadline(pod, node);
    if (due === undefined) {
      if (counting.delete(uid)) record(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
      return;
    }
    const wait = due - clock.now();
    if (wait > 0) {
      counting.add(uid);
      if (Number.isFinite(wait)) queue.addAfter(key, wait);
      return;
    }
    counting.delete(uid);
    record(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
    registry.remove('pods', namespace, name);
  }

  /** When the pod must be gone; undefined when it may stay as long as it likes. */
  function deadline(pod: Pod, node: Node): number | undefined {
    const tolerations = pod.spec?.tolerations ?? [];
    let soonest = Number.POSITIVE_INFINITY;
    for (const taint of evicting(node)) {
      const used = tolerations.filter((t) => tolerates([t], taint));
      if (used.length === 0) return clock.now();
      const seconds = Math.min(...used.map((t) => t.tolerationSeconds ?? Number.POSITIVE_INFINITY));
      soonest = Math.min(soonest, since(node, taint) + Math.max(0, seconds) * 1000);
    }
    return Number.isFinite(soonest) ? soonest : undefined;
  }

  function since(node: Node, taint: Taint): number {
    const stated = parseTime(taint.timeAdded);
    if (stated > 0) return stated;
    const key = seenKey(node.metadata.name, taint);
    const first = seen.get(key) ?? clock.now();
    seen.set(key, first);
    return first;
  }
}

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

function evicting(node: Node): Taint[] {
  return (node.spec?.taints ?? []).filter((taint) => taint.effect === 'NoExecute');
}

function seenKey(node: string, taint: Taint): string {
  return `${node}/${taint.key}=${taint.value ?? ''}`;
}
