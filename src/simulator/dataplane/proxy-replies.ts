// A proxy's answers when it had chosen an endpoint and got no answer from it (istio-hechos §2.3).
import type { ResponseFlag } from '../../mesh/decision.ts';

export interface ProxyReply {
  status: number;
  headers: Record<string, string>;
  body: string;
  flags: readonly ResponseFlag[];
  details: string;
  transportFailure?: string;
}

const PREFIX = 'upstream connect error or disconnect/reset before headers.';
const REFUSED = 'delayed_connect_error:_Connection_refused';

/** Nothing accepted the connection, the retries of the default policy included. */
export function connectFailure(): ProxyReply {
  return {
    ...unavailable(`${PREFIX} retried and the latest reset reason: remote connection failure`),
    flags: ['URX', 'UF'],
    details: `upstream_reset_before_response_started{remote_connection_failure|${REFUSED}}`,
    transportFailure: REFUSED,
  };
}

/** The connection was closed before an answer. */
export function terminated(): ProxyReply {
  return {
    ...unavailable(`${PREFIX} reset reason: connection termination`),
    flags: ['UC'],
    details: 'upstream_reset_before_response_started{connection_termination}',
  };
}

function unavailable(body: string) {
  return { status: 503, headers: { 'content-type': 'text/plain' }, body };
}
