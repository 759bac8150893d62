// Where a request that failed is tried again.
import type { Endpoint, Forward, UpstreamPolicy } from '../decision.ts';
import type { Chance } from '../engine.ts';

/**
 * One in the rotation that was not tried, else one that was. Undefined: none is in the rotation. A consistent hash keeps
 * to its choice: Istio's retry policy has no other hosts there.
 */
export function retryEndpoint(
  { cluster, candidates, endpoint, upstream }: Forward,
  tried: readonly Endpoint[],
  chance: Chance,
): Endpoint | undefined {
  const healthy = inRotation(cluster, candidates, upstream, chance);
  if (upstream?.hashed && healthy.includes(endpoint)) return endpoint;
  const fresh = healthy.filter((candidate) => !tried.includes(candidate));
  const choices = fresh.length > 0 ? fresh : healthy;
  return choices[Math.min(choices.length - 1, Math.max(0, Math.floor(chance.random() * choices.length)))];
}

function inRotation(
  cluster: string,
  candidates: readonly Endpoint[],
  upstream: UpstreamPolicy | undefined,
  chance: Chance,
): readonly Endpoint[] {
  const healthy = candidates.filter((candidate) => !chance.ejected?.(cluster, candidate, upstream));
  const minimum = upstream?.outlier?.minHealthPercent ?? 0;
  return 100 * healthy.length < minimum * candidates.length ? candidates : healthy;
}
