import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent } from '../contract.ts';
import { equal } from '../controllers/equal.ts';
import { createEventRecorder } from '../controllers/event-recorder.ts';
import type { Condition, Pod } from '../controllers/kinds.ts';
import { conditionOf, isFinished, keyOf, setStatus, splitKey } from '../controllers/pods.ts';
import { timestamp } from '../controllers/time.ts';
import { createNodeBook, type NodeState } from './node-book.ts';
import { fitting, type Misfit } from './node-fit.ts';
import { bestNode } from './node-score.ts';
import { requestsOf } from './pod-resources.ts';

/** Binds pods to nodes. What fits nowhere waits until a node or room appears. */
export function startScheduler(registry: Registry, clock: Clock, delay: number): () => void {
  const record = createEventRecorder(registry, clock, { component: 'default-scheduler' });
  const queue = new Set<string>();
  const unschedulable = new Set<string>();
  let cancel: (() => void) | undefined;
  // It watches first, so it knows already of what brings the scheduler to try again.
  const book = createNodeBook(registry);
  const stops = [book.stop, registry.watch('pods', onPod), registry.watch('nodes', () => retryUnschedulable())];
  return () => {
    for (const stop of stops) stop();
    cancel?.();
  };

  function onPod({ type, object, previous }: RegistryEvent) {
    const pod = object as Pod;
    const key = keyOf(pod);
    if (type === 'DELETED' || (isFinished(pod) && !isFinished((previous ?? pod) as Pod))) {
      unschedulable.delete(key);
      return retryUnschedulable();
    }
    if (isWaiting(pod) && !unschedulable.has(key)) enqueue(key);
    const known = previous as Pod | undefined;
    const moved = known?.spec?.nodeName !== pod.spec?.nodeName || !equal(known?.metadata.labels, pod.metadata.labels);
    if (pod.spec?.nodeName && moved && unschedulable.size > 0) retryUnschedulable(wantsCompany);
  }

  function wantsCompany(key: string): boolean {
    const pod = registry.get('pods', ...splitKey(key)) as Pod | undefined;
    return pod?.spec?.affinity?.podAffinity !== undefined;
  }

  function retryUnschedulable(wanted: (key: string) => boolean = () => true) {
    for (const key of [...unschedulable].filter(wanted)) {
      unschedulable.delete(key);
      enqueue(key);
    }
  }

  function enqueue(key: string) {
    queue.add(key);
    cancel ??= clock.after(delay, drain);
  }

  function drain() {
    cancel = undefined;
    const keys = [...queue];
    queue.clear();
    const pods = keys.map((key) => registry.get('pods', ...splitKey(key)) as Pod | undefined);
    const waiting = pods.filter((pod) => pod !== undefined && isWaiting(pod)) as Pod[];
    if (waiting.length === 0) return;
    waiting.sort((a, b) => (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0));
    const nodes = book.states();
    for (const pod of waiting) place(pod, nodes);
  }

  function place(pod: Pod, nodes: readonly NodeState[]) {
    const requests = requestsOf(pod.spec ?? { containers: [] });
    const misfitsOn = fitting(pod, requests, { nodes, namespaces });
    const misfits = nodes.map(misfitsOn);
    const fit = nodes.filter((_, i) => misfits[i]?.length === 0);
    const chosen = bestNode(pod, requests, fit, nodes, namespaces);
    if (!chosen) return refuse(pod, misfits);
    bind(pod, chosen.node.metadata.name);
    book.place(pod, chosen.node.metadata.name);
  }

  function namespaces(name: string) {
    return registry.get('namespaces', undefined, name)?.metadata.labels;
  }

  function bind(pod: Pod, nodeName: string) {
    const { namespace, name, uid } = pod.metadata;
    const assign = (copy: KubeObject) => {
      const { spec } = copy as Pod;
      if (spec && copy.metadata.uid === uid) spec.nodeName = nodeName;
    };
    registry.edit('pods', namespace, name, assign, { subresource: 'binding' });
    const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
    record(pod, 'Normal', 'Scheduled', message);
  }

  function refuse(pod: Pod, reasons: Misfit[][]) {
    unschedulable.add(keyOf(pod));
    const message = refusal(reasons);
    const known = conditionOf(pod.status?.conditions, 'PodScheduled');
    if (known?.message === message) return;
    const condition: Condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      lastTransitionTime: known?.lastTransitionTime ?? timestamp(clock),
      ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    };
    const others = (pod.status?.conditions ?? []).filter((c) => c.type !== 'PodScheduled');
    setStatus(registry, 'pods', pod, { ...pod.status, phase: 'Pending', conditions: [...others, condition] });
    record(pod, 'Warning', 'FailedScheduling', message);
  }
}

/** The scheduler's summary: how many nodes object for which reason, and what preemption could do about it. */
export function refusal(reasons: Misfit[][]): string {
  if (reasons.length === 0) return 'no nodes available to schedule pods';
  const available = `0/${reasons.length} nodes are available`;
  const objections = tally(reasons.flatMap((misfits) => misfits.map((m) => m.reason)));
  const preemption = tally(
    reasons.map((misfits) =>
      misfits.every((m) => m.preemptible)
        ? 'No preemption victims found for incoming pod'
        : 'Preemption is not helpful for scheduling',
    ),
  );
  return `${available}: ${objections}. no new claims to deallocate, preemption: ${available}: ${preemption}.`;
}

function tally(reasons: string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

function isWaiting(pod: Pod): boolean {
  const { schedulerName = 'default-scheduler', nodeName } = pod.spec ?? {};
  return !nodeName && !pod.metadata.deletionTimestamp && !isFinished(pod) && schedulerName === 'default-scheduler';
}
