// Copies of a request for mirrors: sent beside it, and whatever they answer is forgotten.
import type { Mirror } from '../../mesh/decision.ts';
import type { HttpRequest } from '../contract.ts';
import { Hangup } from './hangup.ts';
import { ephemeralPort, type HopContext, type Peer } from './hop.ts';
import { hostOf, readsMutualTls } from './one-try.ts';
import type { RunningPod } from './running-pods.ts';

/** Copies under way at once; what is more is dropped, as a full pool drops it. */
const MOST = 1_024;
let underWay = 0;

export function sendMirrors(
  context: HopContext,
  pod: RunningPod,
  request: HttpRequest,
  mirrors: readonly Mirror[],
): void {
  for (const { endpoint, service, subset = '' } of mirrors) {
    if (underWay >= MOST) return;
    const peer: Peer = {
      address: pod.address,
      port: ephemeralPort(context.random),
      hangup: new Hangup(),
      pod: pod.pod,
      service: { ...service, host: hostOf(service) },
    };
    if (endpoint.sidecar && readsMutualTls(context, endpoint)) {
      const serverName = `outbound_.${service.port}_.${subset}_.${hostOf(service)}`;
      peer.certificate = { identity: pod.identity, hash: pod.certificateHash, serverName };
    }
    underWay += 1;
    context
      .deliver(endpoint.address, endpoint.port, copyOf(request, pod), peer)
      .catch(() => undefined)
      .finally(() => {
        underWay -= 1;
      });
  }
}

/** The copy says which proxy made it; its host stays as it was since Istio 1.28. */
function copyOf(request: HttpRequest, { address }: RunningPod): HttpRequest {
  const before = request.headers['x-forwarded-for'];
  const headers = { ...request.headers, 'x-forwarded-for': before ? `${before},${address}` : address };
  return { ...request, headers };
}
