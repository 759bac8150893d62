import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent } from '../contract.ts';
import { equal } from './equal.ts';
import { createEventRecorder, type RecordEvent } from './event-recorder.ts';
import type { Condition, Node, Pod } from './kinds.ts';
import { conditionOf, isFinished } from './pods.ts';
import { timestamp } from './time.ts';
import { createWorkQueue } from './work-queue.ts';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

const PREFIX = 'node.kubernetes.io/';
/** Condition → status of it → the taint that it brings. */
const BY_CONDITION: readonly [type: string, status: string, key: string][] = [
  ['Ready', 'False', 'not-ready'],
  ['Ready', 'Unknown', 'unreachable'],
  ['MemoryPressure', 'True', 'memory-pressure'],
  ['DiskPressure', 'True', 'disk-pressure'],
  ['PIDPressure', 'True', 'pid-pressure'],
  ['NetworkUnavailable', 'True', 'network-unavailable'],
];
const OWN = new Set([...BY_CONDITION.map(([, , key]) => `${PREFIX}${key}`), `${PREFIX}unschedulable`]);

/** Turns what is wrong with a node into taints, and marks its pods as not ready when nobody looks after them. */
export function startNodeLifecycle(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'node-controller' });
  const recorders = new Map<string, RecordEvent>();
  const queue = createWorkQueue(clock, 'node lifecycle', sync);
  const stop = registry.watch('nodes', onNode);
  return () => {
    stop();
    queue.stop();
  };

  function onNode({ type, object, previous }: RegistryEvent) {
    if (type === 'DELETED') return;
    if (type === 'MODIFIED' && previous) tellChange(object as Node, previous as Node);
    queue.add(object.metadata.name);
  }

  /** What a kubelet says of its own node, and what is said when it says nothing any more. */
  function tellChange(node: Node, previous: Node) {
    const { name } = node.metadata;
    const ready = readiness(node);
    const closed = node.spec?.unschedulable ?? false;
    const tell = (say: RecordEvent, reason: string) =>
      say(node, 'Normal', reason, `Node ${name} status is now: ${reason}`);
    if (ready !== readiness(previous)) {
      if (ready === 'True') tell(kubeletOf(name), 'NodeReady');
      else tell(ready === 'False' ? kubeletOf(name) : record, 'NodeNotReady');
    }
    if (closed !== (previous.spec?.unschedulable ?? false))
      tell(kubeletOf(name), closed ? 'NodeNotSchedulable' : 'NodeSchedulable');
  }

  function kubeletOf(host: string): RecordEvent {
    const known = recorders.get(host) ?? createEventRecorder(registry, clock, { component: 'kubelet', host });
    recorders.set(host, known);
    return known;
  }

  function sync(name: string) {
    const node = registry.get('nodes', undefined, name) as Node | undefined;
    if (!node) return;
    const taints = tainted(node, timestamp(clock));
    if (!equal(taints, node.spec?.taints ?? [])) {
      registry.edit('nodes', undefined, name, (copy) => {
        const spec: NonNullable<Node['spec']> = { ...(copy as Node).spec, taints };
        if (taints.length === 0) delete spec.taints;
        copy.spec = spec;
      });
    }
    // A kubelet that still speaks says itself how its pods are.
    if (readiness(node) === 'Unknown') markPods(node);
  }

  function markPods(node: Node) {
    for (const pod of registry.list('pods') as Pod[]) {
      if (pod.spec?.nodeName !== node.metadata.name || isFinished(pod)) continue;
      const ready = conditionOf(pod.status?.conditions, 'Ready');
      if (ready?.status !== 'True') continue;
      const { namespace, name } = pod.metadata;
      const change = (copy: KubeObject) => {
        const status = (copy as Pod).status;
        for (const condition of status?.conditions ?? []) {
          if (condition.type !== 'Ready') continue;
          Object.assign(condition, { status: 'False', lastTransitionTime: timestamp(clock) });
        }
      };
      registry.edit('pods', namespace, name, change, { subresource: 'status' });
      record(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }
}

function readiness(node: Node): string | undefined {
  return conditionOf(node.status?.conditions as Condition[] | undefined, 'Ready')?.status;
}

/** The node's taints: those of others as they are, and its own as its state has them. */
function tainted(node: Node, now: string): Taint[] {
  const current = node.spec?.taints ?? [];
  const wanted: Taint[] = [];
  const want = (key: string, effect: string) => {
    const known = current.find((taint) => taint.key === key && taint.effect === effect);
    const added = effect === 'NoExecute' || key === `${PREFIX}unschedulable`;
    wanted.push(known ?? { key, effect, ...(added && { timeAdded: now }) });
  };
  for (const [type, status, key] of BY_CONDITION) {
    const found = conditionOf(node.status?.conditions as Condition[] | undefined, type);
    if (found?.status !== status) continue;
    want(`${PREFIX}${key}`, 'NoSchedule');
    if (type === 'Ready') want(`${PREFIX}${key}`, 'NoExecute');
  }
  if (node.spec?.unschedulable) want(`${PREFIX}unschedulable`, 'NoSchedule');
  const kept = current.filter((taint) => !OWN.has(taint.key) || wanted.includes(taint));
  return [...kept, ...wanted.filter((taint) => !kept.includes(taint))];
}
