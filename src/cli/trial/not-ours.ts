// What changes in a cluster while a lab is tried on it and is nobody's mistake: classes that are made or taken away there.
import { placeLabel } from '../../cluster/kubeadm/place.ts';
import { managedLabel } from '../../cluster/managed-label.ts';
import type { KubeObject } from '../../mesh/objects.ts';

/**
 * Tells the objects of a class that came, went or changed between two looks at a cluster: its places with all that is in
 * them, and what Malla has for it elsewhere. A place that is there at both looks may be where the lab itself is tried.
 */
export function classWork(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): (object: KubeObject) => boolean {
  const [then, now] = [placesIn(before), placesIn(after)];
  const lasting = new Set([...then].filter((name) => now.has(name)));
  const passing = new Set([...then, ...now].filter((name) => !lasting.has(name)));
  return ({ kind, metadata: { name, namespace, labels } }) => {
    const home = kind === 'Namespace' ? name : (namespace ?? '');
    return passing.has(home) || (labels?.[managed] === managedLabel[managed] && !lasting.has(home));
  };
}

const managed = 'app.kubernetes.io/managed-by';

function placesIn(objects: readonly KubeObject[]): Set<string> {
  return new Set(
    objects
      .filter(({ kind, metadata }) => kind === 'Namespace' && metadata.labels?.[placeLabel] !== undefined)
      .map(({ metadata }) => metadata.name),
  );
}
