import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent, ResourceId } from '../contract.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Condition, LabelSelector, Pod } from './kinds.ts';
import { conditionOf, controllerOf, isActive, isReady, keyOf, setStatus, splitKey } from './pods.ts';
import { selects } from './selectors.ts';
import { parseTime, timestamp } from './time.ts';
import { createWorkQueue } from './work-queue.ts';

const BUDGETS = 'policy/poddisruptionbudgets';
/** An eviction that was allowed and whose pod is still there counts that long. */
const EVICTED_FOR = 120_000;

interface BudgetSpec {
  minAvailable?: number | string;
  maxUnavailable?: number | string;
  selector?: LabelSelector;
}

export interface BudgetStatus {
  disruptionsAllowed?: number;
  currentHealthy?: number;
  desiredHealthy?: number;
  expectedPods?: number;
  observedGeneration?: number;
  /** Pod → when its eviction was allowed. */
  disruptedPods?: Record<string, string>;
  conditions?: Condition[];
}

type Budget = KubeObject<BudgetSpec, BudgetStatus>;

/** What a controller of pods says of how many it wants. */
const SCALED: Readonly<Record<string, ResourceId>> = {
  ReplicaSet: 'apps/replicasets',
  StatefulSet: 'apps/statefulsets',
  ReplicationController: 'replicationcontrollers',
};

/** Tells how many pods each PodDisruptionBudget lets go at once; the eviction subresource obeys it. */
export function startDisruptionBudgets(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'controllermanager' });
  const queue = createWorkQueue(clock, 'disruption', sync);
  const stops = [
    registry.watch(BUDGETS, ({ object }) => queue.add(keyOf(object))),
    registry.watch('pods', onPod),
    ...Object.values(SCALED).map((resource) => registry.watch(resource, onOwner)),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function onPod({ object, previous }: RegistryEvent) {
    for (const budget of registry.list(BUDGETS, object.metadata.namespace) as Budget[]) {
      const concerned = [object, previous].some((pod) => pod && selects(budget.spec?.selector, pod.metadata.labels));
      if (concerned) queue.add(keyOf(budget));
    }
  }

  function onOwner({ object }: RegistryEvent) {
    for (const budget of registry.list(BUDGETS, object.metadata.namespace)) queue.add(keyOf(budget));
  }

  function sync(key: string) {
    const budget = registry.get(BUDGETS, ...splitKey(key)) as Budget | undefined;
    if (!budget || budget.metadata.deletionTimestamp) return;
    const all = registry.list('pods', budget.metadata.namespace) as Pod[];
    const pods = all.filter((pod) => selects(budget.spec?.selector, pod.metadata.labels) && isActive(pod));
    if (pods.length === 0) record(budget, 'Normal', 'NoPods', 'No matching pods found');
    const disrupted = stillDisrupted(budget, pods, key);
    const currentHealthy = pods.filter((pod) => isReady(pod) && !disrupted[pod.metadata.name]).length;
    const { expectedPods, desiredHealthy } = wanted(budget, pods);
    const spare = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
    const status: BudgetStatus = {
      ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
      disruptionsAllowed: spare,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      observedGeneration: budget.metadata.generation ?? 1,
      conditions: [condition(budget, spare > 0)],
    };
    if (!equal(status, budget.status)) setStatus(registry, BUDGETS, budget, status);
  }

  function stillDisrupted({ status }: Budget, pods: Pod[], key: string): Record<string, string> {
    const entries = Object.entries(status?.disruptedPods ?? {});
    const open = entries.filter(
      ([name, since]) => pods.some((pod) => pod.metadata.name === name) && parseTime(since) + EVICTED_FOR > clock.now(),
    );
    for (const [, since] of open) queue.addAfter(key, parseTime(since) + EVICTED_FOR - clock.now());
    return Object.fromEntries(open);
  }

  function wanted(budget: Budget, pods: Pod[]): { expectedPods: number; desiredHealthy: number } {
    const { minAvailable, maxUnavailable } = budget.spec ?? {};
    if (maxUnavailable !== undefined) {
      const expectedPods = expectedOf(pods);
      return { expectedPods, desiredHealthy: Math.max(0, expectedPods - share(maxUnavailable, expectedPods)) };
    }
    if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable };
    const expectedPods = expectedOf(pods);
    return { expectedPods, desiredHealthy: share(minAvailable ?? 0, expectedPods) };
  }

  /** How many pods their controllers ask for, each controller counted once. */
  function expectedOf(pods: Pod[]): number {
    const counted = new Map<string, number>();
    for (const pod of pods) {
      const owner = controllerOf(pod);
      const resource = SCALED[owner?.kind ?? ''];
      if (!owner || !resource || counted.has(owner.uid)) continue;
      const found = registry.get(resource, pod.metadata.namespace, owner.name) as
        | KubeObject<{ replicas?: number }>
        | undefined;
      if (found?.metadata.uid === owner.uid) counted.set(owner.uid, found.spec?.replicas ?? 1);
    }
    return [...counted.values()].reduce((sum, replicas) => sum + replicas, 0);
  }

  function condition(budget: Budget, allowed: boolean): Condition {
    const known = conditionOf(budget.status?.conditions, 'DisruptionAllowed');
    const status = allowed ? 'True' : 'False';
    const lastTransitionTime = known?.status === status ? known.lastTransitionTime : timestamp(clock);
    return {
      type: 'DisruptionAllowed',
      status,
      reason: allowed ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      lastTransitionTime: lastTransitionTime ?? timestamp(clock),
      observedGeneration: budget.metadata.generation ?? 1,
    };
  }
}

/** A number, or a percentage of `total` rounded up, as the controller has both bounds. */
function share(bound: number | string, total: number): number {
  if (typeof bound === 'number') return bound;
  const percent = /^(\d+)%$/.exec(bound)?.[1];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * total) / 100);
}
