// What a proxy answers by itself (istio-hechos §2.3): statuses, texts and flags as Envoy's.
import type { Reply } from './decision.ts';

const TEXT = { 'content-type': 'text/plain' };

/** No route of the virtual host matches, or a gateway has no virtual host for the name. */
export function noRoute(): Reply {
  return reply(404, '', 'NR', 'route_not_found');
}

/** The route leads to a Service, port or subset that does not exist. */
export function noCluster(status = 503): Reply {
  return reply(status, '', 'NC', 'cluster_not_found');
}

export function noHealthyUpstream(cluster: string, route: string): Reply {
  return { ...reply(503, 'no healthy upstream', 'UH', 'no_healthy_upstream'), cluster, route };
}

/** Only what the registry knows may be reached, and this is not it. */
export function blocked(): Reply {
  return { ...direct(502, '', {}), route: 'block_all' };
}

/** Redirects and direct responses. */
export function direct(status: number, body: string, headers: Record<string, string>): Reply {
  return {
    kind: 'reply',
    status,
    headers: body === '' ? headers : { ...TEXT, ...headers },
    body,
    flags: [],
    details: 'direct_response',
    route: '-',
  };
}

function reply(status: number, body: string, flag: 'NR' | 'NC' | 'UH', details: string): Reply {
  return { kind: 'reply', status, headers: body === '' ? {} : TEXT, body, flags: [flag], details, route: '-' };
}
