// Limits of the connections from a sidecar to its own program. A DestinationRule's connection pool holds at the server as well as at its
// clients, and that of a Sidecar object takes its place.
import type { UpstreamPolicy } from './decision.ts';
import type { Client, DestinationRuleIndex } from './destination-rules.ts';
import type { InboundPort } from './inbound-ports.ts';
import { type MeshDefaults, upstreamPolicy } from './upstream/upstream-policy.ts';

/** `pool`: of the Sidecar, for all of its ports, as written. Undefined: nothing is limited. */
export function inboundLimits(
  { ingress, services, servicePort }: InboundPort,
  pool: unknown,
  client: Client,
  destinationRules: DestinationRuleIndex,
  mesh: MeshDefaults,
): UpstreamPolicy | undefined {
  const written = ingress?.pool ?? pool;
  if (written !== undefined)
    return limitsOf(upstreamPolicy({ connectionPool: { value: written, source: NOWHERE } }, mesh));
  const [service] = services;
  const rule = service && destinationRules.find(service, client);
  return rule && limitsOf(destinationRules.policy(rule, undefined, servicePort).upstream);
}

const NOWHERE = { kind: 'Sidecar', namespace: '', name: '', path: '' };

/** Ejection and TLS are the clients'. */
function limitsOf({ outlier: _, hashed: __, ...policy }: UpstreamPolicy): UpstreamPolicy | undefined {
  const { maxConnections, maxPendingRequests, maxRequests } = policy;
  return (maxConnections ?? maxPendingRequests ?? maxRequests) ? policy : undefined;
}
