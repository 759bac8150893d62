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
const PLAIN = { 'content-type': 'text/plain' };
const BEFORE = 'upstream_reset_before_response_started';

/** Why a try did not even connect. */
export type ConnectFailure = 'refused' | 'timeout' | 'not-tls';

const REASONS: Record<ConnectFailure, string> = {
  refused: 'delayed_connect_error:_Connection_refused',
  timeout: '',
  'not-tls': 'TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end',
};

/** `retried`: there was more than one try. `exhausted`: the policy would have tried again. */
export interface Tries {
  retried: boolean;
  exhausted: boolean;
}

export function connectFailure(why: ConnectFailure, tries: Tries): ProxyReply {
  const transportFailure = REASONS[why];
  const what = why === 'timeout' ? 'connection timeout' : 'remote connection failure';
  const name = what.replaceAll(' ', '_');
  return {
    ...unavailable(what, tries),
    flags: tries.exhausted ? ['URX', 'UF'] : ['UF'],
    details: `${BEFORE}{${transportFailure ? `${name}|${transportFailure}` : name}}`,
    ...(transportFailure && { transportFailure }),
  };
}

/** The connection was closed before an answer. */
export function terminated(tries: Tries): ProxyReply {
  return {
    ...unavailable('connection termination', tries),
    flags: tries.exhausted ? ['URX', 'UC'] : ['UC'],
    details: `${BEFORE}{connection_termination}`,
  };
}

/** The limits of the cluster's connection pool are reached. */
export function overflow(tries: Tries): ProxyReply {
  const { status, body } = unavailable('overflow', tries);
  return {
    status,
    headers: { 'x-envoy-overloaded': 'true', ...PLAIN },
    body,
    flags: ['UO'],
    details: `${BEFORE}{overflow}`,
  };
}

/** The route's time is over: the tries and the waits between them count. */
export function routeTimeout(): ProxyReply {
  return { ...gatewayTimeout(), flags: ['UT'], details: 'response_timeout' };
}

export function tryTimeout({ exhausted }: Tries): ProxyReply {
  return { ...gatewayTimeout(), flags: exhausted ? ['URX', 'UT'] : ['UT'], details: 'upstream_per_try_timeout' };
}

export function noHealthyHost(): ProxyReply {
  return { status: 503, headers: PLAIN, body: 'no healthy upstream', flags: ['UH'], details: 'no_healthy_upstream' };
}

function gatewayTimeout() {
  return { status: 504, headers: PLAIN, body: 'upstream request timeout' };
}

function unavailable(reason: string, { retried }: Tries) {
  const body = `${PREFIX} ${retried ? 'retried and the latest reset reason' : 'reset reason'}: ${reason}`;
  return { status: 503, headers: PLAIN, body };
}
