// Sums of quantities, written as Kubernetes writes them.
import { quantityOf } from '../../mesh/quantity.ts';

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P'];

/**
 * The sum in the form of the first that is not zero: `500m` and `1` make `1500m`, `128Mi` and `128Mi` make `256Mi`. What
 * is no quantity counts as nothing.
 */
export function sumOf(quantities: readonly (string | number | undefined)[]): string {
  const counted = quantities.filter((q) => quantityOf(q) !== 0);
  // In thousandths, so that sums of decimals stay exact.
  const total = counted.reduce<number>((sum, q) => sum + Math.round(quantityOf(q) * 1000), 0);
  return textOf(total / 1000, /i$/.test(String(counted[0] ?? '')));
}

/** The shortest form: a whole number with the largest suffix that leaves it whole. */
export function textOf(value: number, binary = false): string {
  if (value === 0) return '0';
  if (!Number.isInteger(value)) return `${Math.round(value * 1000)}m`;
  const [base, suffixes] = binary ? [1024, BINARY] : [1000, DECIMAL];
  let rest = value;
  let step = 0;
  while (rest % base === 0 && step < suffixes.length - 1) {
    rest /= base;
    step += 1;
  }
  return `${rest}${suffixes[step]}`;
}
