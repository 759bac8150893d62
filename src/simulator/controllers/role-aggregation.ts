// A ClusterRole with an aggregation rule has the rules of all that it names by their labels.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { equal } from './equal.ts';
import type { LabelSelector } from './kinds.ts';
import { selects } from './selectors.ts';
import { createWorkQueue } from './work-queue.ts';

const ROLES = 'rbac.authorization.k8s.io/clusterroles';

interface Role extends KubeObject {
  aggregationRule?: { clusterRoleSelectors?: LabelSelector[] };
  rules?: unknown[];
}

export function startRoleAggregation(registry: Registry, clock: Clock): () => void {
  const queue = createWorkQueue(clock, 'cluster role aggregation', sync);
  const stop = registry.watch(ROLES, () => {
    for (const role of registry.list(ROLES) as Role[]) if (role.aggregationRule) queue.add(role.metadata.name);
  });
  return () => {
    stop();
    queue.stop();
  };

  function sync(name: string): void {
    const role = registry.get(ROLES, undefined, name) as Role | undefined;
    const selectors = role?.aggregationRule?.clusterRoleSelectors;
    if (!role || !selectors) return;
    const rules: unknown[] = [];
    for (const selector of selectors)
      for (const other of registry.list(ROLES) as Role[]) {
        if (other.metadata.name === name || !selects(selector, other.metadata.labels ?? {})) continue;
        for (const rule of other.rules ?? []) if (!rules.some((known) => equal(known, rule))) rules.push(rule);
      }
    if (equal(rules, role.rules ?? [])) return;
    registry.edit(ROLES, undefined, name, (copy) => {
      copy.rules = structuredClone(rules);
    });
  }
}
