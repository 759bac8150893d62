// Whether a proxy lets a request in: its tokens, then the policies that look at them (istio-hechos §4).
import type { Admission, InboundConnection, MeshRequest, TokenOutcome } from '../../mesh/engine.ts';
import type { HttpRequest } from '../contract.ts';
import type { Headers } from './headers.ts';
import type { HopContext } from './hop.ts';
import type { RunningPod } from './running-pods.ts';

export const NO_TOKEN: TokenOutcome = { kind: 'none' };

/** A promise only where tokens must be verified. May change the headers: tokens that are not passed on. */
export function admit(
  context: HopContext,
  pod: RunningPod,
  connection: InboundConnection,
  request: HttpRequest & { headers: Headers },
): Admission | Promise<Admission> {
  const engine = context.engine();
  const rules = engine.tokenRules(pod.proxy);
  const asked = meshRequest(connection, request);
  if (rules.length === 0) return engine.admit(pod.proxy, connection, asked, NO_TOKEN);
  return context.verifyTokens(rules, request).then((outcome) => engine.admit(pod.proxy, connection, asked, outcome));
}

function meshRequest(connection: InboundConnection, { authority, method, path, headers }: HttpRequest): MeshRequest {
  return { authority, port: connection.port, method, path, headers, sourceAddress: connection.sourceAddress };
}
