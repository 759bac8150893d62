// `redirect`: where a request is sent instead.
import type { Reply } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { fields, integer, text } from './read.ts';
import { direct } from './replies.ts';

export type Redirect = (request: MeshRequest) => Reply;

const CODES = [301, 302, 303, 307, 308];

/** Undefined for a code that Envoy has no redirect for: such a rule has no action. */
export function compileRedirect(spec: unknown, listenerPort: number): Redirect | undefined {
  const { uri, authority, scheme, port, derivePort, redirectCode } = fields(spec);
  const code = integer(redirectCode) ?? 301;
  const status = code === 0 ? 301 : code;
  if (!CODES.includes(status)) return undefined;
  const wantedPort = derivePort === 'FROM_REQUEST_PORT' ? listenerPort : integer(port);
  const [newUri, newAuthority, newScheme] = [text(uri), text(authority), text(scheme)];
  return (request) => {
    const protocol = newScheme || 'http';
    const host = withPort(newAuthority || request.authority, wantedPort, protocol);
    return direct(status, '', {
      location: `${protocol}://${host}${newUri ? newPath(newUri, request.path) : request.path}`,
    });
  };
}

/** `tls.httpsRedirect` of a gateway's server. */
export function redirectToHttps(request: MeshRequest): Reply {
  const location = `https://${withPort(request.authority, undefined, 'https')}${request.path}`;
  return direct(301, '', { location });
}

/** The query stays unless the new URI has its own. */
function newPath(uri: string, path: string): string {
  const query = path.indexOf('?');
  return query < 0 || uri.includes('?') ? uri : uri + path.slice(query);
}

/** A scheme's default port is not written; a new scheme drops the default port of the old one. */
function withPort(authority: string, port: number | undefined, scheme: string): string {
  const [, host = authority, own] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
  const number = port ?? (own === undefined ? undefined : Number(own));
  const usual = scheme === 'https' ? [443, ...(port === undefined ? [80] : [])] : [80];
  return number === undefined || usual.includes(number) ? host : `${host}:${number}`;
}
