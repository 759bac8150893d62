// What brings two series together: the labels that `on` names, or all but those that `ignoring` names.
import type { Matching } from './ast.ts';
import { type Labels, METRIC_NAME } from './labels.ts';

export function matchingLabels({ mode, labels }: Matching): (labels: Labels) => Labels {
  const names = new Set(mode === 'on' ? labels : [...labels, METRIC_NAME]);
  return mode === 'on' ? (own) => own.only(names) : (own) => own.without(names);
}
