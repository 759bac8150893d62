// Which labs a hand-in can be done again of, on a simulated cluster that nobody has touched.
import type { Lab } from '../../labs/lab.ts';

/** Not those of machines, of real clusters only, or in which Istio itself is installed. */
export function canReplay(lab: Lab): boolean {
  return !lab.machines && lab.clusters.includes('embebido') && !installsIstio(lab);
}

function installsIstio({ steps }: Lab): boolean {
  return steps.some((step) =>
    step.solution.some((a) => a.type === 'run' && a.argv[0] === 'istioctl' && a.argv[1] === 'install'),
  );
}
