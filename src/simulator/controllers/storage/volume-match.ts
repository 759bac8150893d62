// Which volume is good for a claim.
import { quantityOf } from '../../../mesh/quantity.ts';
import type { Node, NodeSelectorTerm } from '../kinds.ts';
import { meets, selects } from '../selectors.ts';
import { type Claim, classNameOf, isFor, type Volume } from './storage-kinds.ts';

export interface MatchOptions {
  /** Only volumes that can be used there. */
  node?: Node;
  /** The claim waits for a pod's node: only a volume that is reserved for it will do. */
  reservedOnly?: boolean;
  /** Names of volumes that others are about to get. */
  taken?: ReadonlySet<string>;
}

/**
 * The one reserved for the claim if it will do; else the smallest of those with the fewest access modes; the first by name
 * among equals.
 */
export function bestMatch(claim: Claim, volumes: readonly Volume[], options: MatchOptions = {}): Volume | undefined {
  const { node, reservedOnly = false, taken } = options;
  const usable = volumes.filter(
    (volume) =>
      !volume.metadata.deletionTimestamp &&
      !taken?.has(volume.metadata.name) &&
      sameMode(claim, volume) &&
      (!node || isOnNode(volume, node)),
  );
  const reserved = usable.find((volume) => isFor(volume, claim) && isLargeEnough(volume, claim));
  if (reserved || reservedOnly) return reserved;
  const found = usable.filter(
    (volume) =>
      volume.status?.phase === 'Available' &&
      !volume.spec?.claimRef &&
      mismatch(volume, claim) === undefined &&
      (!claim.spec?.selector || selects(claim.spec.selector, volume.metadata.labels)),
  );
  return found.sort(byFit)[0];
}

/** Why a volume is not good for a claim, in the controller's words; undefined: it is. */
export function mismatch(volume: Volume, claim: Claim): string | undefined {
  if (volume.metadata.deletionTimestamp) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if (!isLargeEnough(volume, claim)) return 'requested PV is too small';
  if ((volume.spec?.storageClassName ?? '') !== classNameOf(claim)) return 'storageClassName does not match';
  if (!sameMode(claim, volume)) return 'incompatible volumeMode';
  const has = volume.spec?.accessModes ?? [];
  const wanted = claim.spec?.accessModes ?? [];
  return wanted.every((mode) => has.includes(mode)) ? undefined : 'incompatible accessMode';
}

/** Whether the volume can be reached from the node. */
export function isOnNode({ spec }: Volume, node: Node): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return !terms || terms.some((term) => matches(term, node));
}

function matches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((e) => meets(metadata.labels?.[e.key], e.operator, e.values)) &&
    matchFields.every((f) => f.key === 'metadata.name' && meets(metadata.name, f.operator, f.values))
  );
}

function byFit(a: Volume, b: Volume): number {
  const modes = (v: Volume) => v.spec?.accessModes?.length ?? 0;
  const bySize = () => sizeOf(a) - sizeOf(b);
  return modes(a) - modes(b) || bySize() || (a.metadata.name < b.metadata.name ? -1 : 1);
}

function isLargeEnough(volume: Volume, claim: Claim): boolean {
  return sizeOf(volume) >= quantityOf(claim.spec?.resources?.requests?.storage);
}

function sizeOf({ spec }: Volume): number {
  return quantityOf(spec?.capacity?.storage);
}

function sameMode(claim: Claim, volume: Volume): boolean {
  return (claim.spec?.volumeMode ?? 'Filesystem') === (volume.spec?.volumeMode ?? 'Filesystem');
}
