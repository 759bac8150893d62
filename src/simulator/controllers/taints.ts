import type { Node, Toleration } from './kinds.ts';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/** Whether a pod with these tolerations may be placed on the node, as far as taints go. */
export function toleratesNode(tolerations: Toleration[], node: Node): boolean {
  const taints = node.spec?.taints;
  return !taints || taints.every((taint) => taint.effect === 'PreferNoSchedule' || tolerates(tolerations, taint));
}

export function tolerates(tolerations: Toleration[], taint: Taint): boolean {
  return tolerations.some(
    (t) =>
      (!t.effect || t.effect === taint.effect) &&
      (!t.key || t.key === taint.key) &&
      (t.operator === 'Exists' || (t.value ?? '') === (taint.value ?? '')),
  );
}
