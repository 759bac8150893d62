import type { LabelSelector, Labels } from './kinds.ts';

/** An empty selector matches everything, a missing one nothing (LabelSelectorAsSelector). */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  return (
    hasLabels(labels, selector.matchLabels) &&
    (selector.matchExpressions ?? []).every((e) => meets(labels[e.key], e.operator, e.values))
  );
}

/** Whether `labels` has each of `wanted`, with its value. */
export function hasLabels(labels: Labels | undefined, wanted: Labels | undefined): boolean {
  if (!wanted) return true;
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

/** One requirement of a label or node selector against the value, undefined when the key is not there. */
export function meets(value: string | undefined, operator: string, values: string[] = []): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
