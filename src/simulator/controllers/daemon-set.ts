import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { claim, selectsOwn } from './claim.ts';
import { canRunOn, nodeOf, pinnedTo } from './daemon-placement.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { LabelSelector, Node, Pod, PodTemplate } from './kinds.ts';
import { createPod, deletePod, isActive, keyOf, podFromTemplate, setStatus, splitKey, untilAvailable } from './pods.ts';
import { currentRevision, forgetRevisions } from './revisions.ts';
import { absolute } from './rolling-limits.ts';
import { watchOwned } from './watch-owned.ts';
import { createWorkQueue } from './work-queue.ts';

const DAEMON_SETS = 'apps/daemonsets';
const HASH_LABEL = 'controller-revision-hash';

interface DaemonSetSpec {
  selector: LabelSelector;
  template: PodTemplate;
  minReadySeconds?: number;
  updateStrategy?: { type?: string; rollingUpdate?: { maxUnavailable?: number | string } };
}

type DaemonSet = KubeObject<DaemonSetSpec>;

/** Keeps one pod of each DaemonSet on every node that its pods may run on. */
export function startDaemonSets(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'daemonset-controller' });
  const queue = createWorkQueue(clock, 'daemonset', sync);
  const stops = [
    watchOwned(registry, queue, { resource: DAEMON_SETS, kind: 'DaemonSet' }, 'pods'),
    registry.watch('nodes', () => {
      for (const set of registry.list(DAEMON_SETS)) queue.add(keyOf(set));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function sync(key: string) {
    const [namespace, name] = splitKey(key);
    const set = registry.get(DAEMON_SETS, namespace, name) as DaemonSet | undefined;
    if (!set?.spec || set.metadata.deletionTimestamp || !selectsOwn(set.spec)) return;
    const hash = currentRevision(registry, set, HASH_LABEL);
    const pods = podsOf(set);
    const there = new Set(pods.filter(isActive).map(nodeOf));
    const nodes = (registry.list('nodes') as Node[]).filter((node) =>
      canRunOn(set.spec?.template, node, there.has(node.metadata.name)),
    );
    const wanted = new Set(nodes.map((node) => node.metadata.name));
    for (const pod of pods) if (isActive(pod) && !wanted.has(nodeOf(pod))) deletePod(registry, record, set, pod);
    const covered = new Set(pods.map(nodeOf));
    for (const node of wanted) if (!covered.has(node)) createPod(registry, record, set, makePod(set, node, hash));
    update(set, hash, wanted);
    writeStatus(set, hash, wanted, key);
    forgetRevisions(registry, set, HASH_LABEL, new Set([hash, ...podsOf(set).map(hashOf)]));
  }

  function podsOf(set: DaemonSet): Pod[] {
    return claim<Pod>(registry, 'pods', set, set.spec?.selector);
  }

  /** Deletes pods of older templates, as many at a time as may be unavailable. */
  function update(set: DaemonSet, hash: string, wanted: Set<string>) {
    const { type = 'RollingUpdate', rollingUpdate } = set.spec?.updateStrategy ?? {};
    if (type !== 'RollingUpdate') return;
    const pods = podsOf(set).filter((pod) => wanted.has(nodeOf(pod)));
    const old = pods.filter((pod) => isActive(pod) && hashOf(pod) !== hash);
    const available = (pod: Pod) => isActive(pod) && untilAvailable(pod, set.spec?.minReadySeconds ?? 0, clock) === 0;
    const limit = Math.max(1, absolute(rollingUpdate?.maxUnavailable ?? 1, wanted.size, Math.ceil));
    let allowance = limit - (wanted.size - pods.filter(available).length);
    for (const pod of old) {
      if (!available(pod)) deletePod(registry, record, set, pod);
      else if (allowance-- > 0) deletePod(registry, record, set, pod);
    }
  }

  function writeStatus(set: DaemonSet, hash: string, wanted: Set<string>, key: string) {
    const pods = podsOf(set).filter(isActive);
    const placed = pods.filter((pod) => wanted.has(nodeOf(pod)));
    const waits = placed.map((pod) => untilAvailable(pod, set.spec?.minReadySeconds ?? 0, clock));
    const soonest = Math.min(...waits.map((wait) => wait || Number.POSITIVE_INFINITY));
    if (Number.isFinite(soonest)) queue.addAfter(key, soonest);
    const available = waits.filter((wait) => wait === 0).length;
    const updated = placed.filter((pod) => hashOf(pod) === hash).length;
    const status = {
      currentNumberScheduled: placed.length,
      desiredNumberScheduled: wanted.size,
      numberMisscheduled: pods.length - placed.length,
      numberReady: waits.filter((wait) => wait !== undefined).length,
      ...(available > 0 && { numberAvailable: available }),
      ...(available < wanted.size && { numberUnavailable: wanted.size - available }),
      ...(updated > 0 && { updatedNumberScheduled: updated }),
      observedGeneration: set.metadata.generation ?? 0,
    };
    if (!equal(status, set.status)) setStatus(registry, DAEMON_SETS, set, status);
  }
}

function makePod(set: DaemonSet, node: string, hash: string): Pod {
  const template = set.spec?.template ?? { spec: { containers: [] } };
  const pod = podFromTemplate(template, set, `${set.metadata.name}-`);
  const generation = String(set.metadata.generation ?? 1);
  const labels = { ...pod.metadata.labels, [HASH_LABEL]: hash, 'pod-template-generation': generation };
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: pinnedTo(node, pod.spec ?? template.spec),
  };
}

function hashOf(pod: Pod): string {
  return pod.metadata.labels?.[HASH_LABEL] ?? '';
}
