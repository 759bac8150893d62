// Where a request that failed is tried again.
import type { Endpoint, Forward } from '../decision.ts';
import type { Chance } from '../engine.ts';
import { usableOf } from './balance.ts';

/**
 * One in the rotation that was not tried, else one that was. Undefined: none is in the rotation. A consistent hash keeps
 * to its choice: Istio's retry policy has no other hosts there. Where places matter a second try is drawn as the first was,
 * and does not go further away while something near is in the rotation: seen on a real mesh.
 */
export function retryEndpoint(
  { cluster, candidates, endpoint, upstream, groups }: Forward,
  tried: readonly Endpoint[],
  chance: Chance,
): Endpoint | undefined {
  const usable = usableOf(
    { name: cluster, endpoints: candidates, ...(upstream && { upstream }), ...(groups && { groups }) },
    chance,
  );
  const healthy = usable.flatMap((index) => candidates[index] ?? []);
  if (upstream?.hashed && healthy.includes(endpoint)) return endpoint;
  const fresh = healthy.filter((candidate) => !tried.includes(candidate));
  const choices = fresh.length > 0 ? fresh : healthy;
  return choices[Math.min(choices.length - 1, Math.max(0, Math.floor(chance.random() * choices.length)))];
}
