import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent } from '../contract.ts';
import { equal } from '../controllers/equal.ts';
import { createEventRecorder } from '../controllers/event-recorder.ts';
import type { Condition, Pod } from '../controllers/kinds.ts';
import { conditionOf, isFinished, keyOf, setStatus, splitKey } from '../controllers/pods.ts';
import { CLAIMS, CLASSES, claimsOf, VOLUMES } from '../controllers/storage/storage-kinds.ts';
import { timestamp } from '../controllers/time.ts';
import { createNodeBook, type NodeState } from './node-book.ts';
import { fitting, type Misfit } from './node-fit.ts';
import { bestNode } from './node-score.ts';
import { claimsAreBound, podClaims } from './pod-claims.ts';
import { requestsOf } from './pod-resources.ts';

/** How long volumes of a pod that has its node may take. */
const BIND_TIMEOUT = 600_000;

/** Binds pods to nodes. What fits nowhere waits until a node or room appears. */
export function startScheduler(registry: Registry, clock: Clock, delay: number): () => void {
  const record = createEventRecorder(registry, clock, { component: 'default-scheduler' });
  const queue = new Set<string>();
  const unschedulable = new Set<string>();
  /** Pods that have a node and wait for their volumes there. */
  const binding = new Map<string, { pod: Pod; node: string; giveUp: () => void }>();
  let cancel: (() => void) | undefined;
  // It watches first, so it knows already of what brings the scheduler to try again.
  const book = createNodeBook(registry);
  const stops = [
    book.stop,
    registry.watch('pods', onPod),
    registry.watch('nodes', () => retryUnschedulable()),
    ...[CLAIMS, VOLUMES, CLASSES].map((resource) => registry.watch(resource, onStorage)),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const { giveUp } of binding.values()) giveUp();
    cancel?.();
  };

  function onPod({ type, object, previous }: RegistryEvent) {
    const pod = object as Pod;
    const key = keyOf(pod);
    if (type === 'DELETED' || (isFinished(pod) && !isFinished((previous ?? pod) as Pod))) {
      unschedulable.delete(key);
      if (binding.get(key)?.pod.metadata.uid === pod.metadata.uid) stopBinding(key);
      return retryUnschedulable();
    }
    if (isWaiting(pod) && !unschedulable.has(key) && !binding.has(key)) enqueue(key);
    const known = previous as Pod | undefined;
    const moved = known?.spec?.nodeName !== pod.spec?.nodeName || !equal(known?.metadata.labels, pod.metadata.labels);
    if (pod.spec?.nodeName && moved && unschedulable.size > 0) retryUnschedulable(wantsCompany);
  }

  function onStorage() {
    for (const [key, { pod, node }] of binding) {
      if (!claimsAreBound(registry, pod)) continue;
      stopBinding(key);
      bind(pod, node);
    }
    retryUnschedulable(hasClaims);
  }

  function hasClaims(key: string): boolean {
    const pod = registry.get('pods', ...splitKey(key)) as Pod | undefined;
    return pod !== undefined && claimsOf(pod).length > 0;
  }

  function stopBinding(key: string) {
    binding.get(key)?.giveUp();
    binding.delete(key);
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
    const claims = podClaims(registry, pod);
    if (claims?.problem) return refuse(pod, hopeless(nodes.length, claims.problem));
    const volumes = claims && (({ node }: NodeState) => claims.problemsOn(node));
    const misfits = nodes.map(fitting(pod, requests, { nodes, namespaces, volumes }));
    const fit = nodes.filter((_, i) => misfits[i]?.length === 0);
    const chosen = bestNode(pod, requests, fit, nodes, namespaces);
    if (!chosen) return refuse(pod, refusal(misfits));
    const { name } = chosen.node.metadata;
    book.place(pod, name);
    if (!claims || claims.prepare(chosen.node)) bind(pod, name);
    else awaitVolumes(pod, name);
  }

  function awaitVolumes(pod: Pod, node: string) {
    const giveUp = clock.after(BIND_TIMEOUT, () => {
      binding.delete(keyOf(pod));
      book.leave(pod);
      refuse(pod, 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded');
      retryUnschedulable(hasClaims);
    });
    binding.set(keyOf(pod), { pod, node, giveUp });
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

  function refuse(pod: Pod, message: string) {
    unschedulable.add(keyOf(pod));
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
export function refusal(reasons: readonly (readonly Misfit[])[]): string {
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

/** Nothing about any node: the pod itself cannot be had. What follows it is what a real scheduler says then. */
function hopeless(nodes: number, problem: string): string {
  return nodes === 0 ? 'no nodes available to schedule pods' : `0/${nodes} nodes are available: ${problem}. not found`;
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
