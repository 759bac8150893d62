import type { KubeObject } from '../../../mesh/objects.ts';
import { annotation, type Claim } from './storage-kinds.ts';

/** Gives a new claim that names no class the cluster's, in place. */
export function chooseClass(claim: KubeObject, classes: readonly KubeObject[]): void {
  const name = wantsDefaultClass(claim as Claim) ? defaultClass(classes) : undefined;
  if (name !== undefined && claim.spec) claim.spec = { ...claim.spec, storageClassName: name };
}

/** The StorageClass that claims get that name none: of several the newest, then the first by name. */
export function defaultClass(classes: readonly KubeObject[]): string | undefined {
  const marked = classes.filter(({ metadata }) => metadata.annotations?.[annotation.isDefault] === 'true');
  marked.sort((a, b) => {
    const [first, second] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
    if (first !== second) return first > second ? -1 : 1;
    return a.metadata.name < b.metadata.name ? -1 : 1;
  });
  return marked[0]?.metadata.name;
}

/** Whether a claim leaves the choice of its class to the cluster: an empty name is a choice too. */
export function wantsDefaultClass({ metadata, spec }: Claim): boolean {
  return spec?.storageClassName === undefined && metadata.annotations?.[annotation.oldClass] === undefined;
}
