// Which labs a hand-in can be done again of, on a simulated cluster that nobody has touched.
import type { Lab } from '../../labs/lab.ts';

/** Not those of machines, or of real clusters only. */
export function canReplay(lab: Lab): boolean {
  return !lab.machines && lab.clusters.includes('embebido');
}
