// The order of `--sort-by`, as the official one has it: numbers and quantities by their value, other texts character by
// character (pod-10 before pod-2), and what has no value first.
import { parseQuantity } from '../../../mesh/quantity.ts';
import { queryJsonPath } from './jsonpath.ts';

/** For `sort`, of two objects and a JSONPath. */
export function compareBy(path: string): (a: unknown, b: unknown) => number {
  const keyOf = (object: unknown): unknown => queryJsonPath(path, object)[0];
  return (a, b) => compare(keyOf(a), keyOf(b));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [one, other] = [parseQuantity(a), parseQuantity(b)];
  if (one !== undefined && other !== undefined) return one - other;
  const [first, second] = [String(a ?? ''), String(b ?? '')];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
