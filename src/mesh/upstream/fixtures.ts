// For tests: endpoints and forwards with nothing but what a pool looks at.
import type { Endpoint, Forward, UpstreamPolicy } from '../decision.ts';

export function endpoint(address: string, extra: Partial<Endpoint> = {}): Endpoint {
  return { address, port: 8080, namespace: 'default', pod: `pod-${address}`, sidecar: true, ...extra };
}

export function forwardTo(
  candidates: readonly [Endpoint, ...Endpoint[]],
  upstream: Partial<UpstreamPolicy> = {},
): Forward {
  return {
    kind: 'forward',
    cluster: 'outbound|8000||httpbin.default.svc.cluster.local',
    route: 'default',
    service: { namespace: 'default', name: 'httpbin', port: 8000 },
    endpoint: candidates[0],
    candidates,
    upstream: { connectTimeout: 10_000, tls: { mode: 'auto' }, ...upstream },
  };
}
