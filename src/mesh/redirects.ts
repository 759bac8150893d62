// `redirect`: where a request is sent instead.
import type { Reply } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { WHOLE } from './match.ts';
import { fields, integer, text } from './read.ts';
import { direct } from './replies.ts';
import { uriRewrite } from './rewrites.ts';
import { schemeOf } from './scheme.ts';

export type Redirect = (request: MeshRequest) => Reply;

const CODES = [301, 302, 303, 307, 308];

/** Undefined for a code that Envoy has no redirect for: it refuses the whole configuration. */
export function compileRedirect(spec: unknown, listenerPort: number, matched = WHOLE): Redirect | undefined {
  const { uri, prefixRewrite, authority, scheme, port, derivePort, redirectCode } = fields(spec);
  const code = integer(redirectCode) ?? 301;
  const status = code === 0 ? 301 : code;
  if (!CODES.includes(status)) return undefined;
  const wantedPort = derivePort === 'FROM_REQUEST_PORT' ? listenerPort : (integer(port) ?? 0);
  const [newUri, newAuthority, newScheme] = [text(uri), text(authority), text(scheme)];
  const prefix = text(prefixRewrite);
  const replaced = prefix ? uriRewrite(prefix, matched) : undefined;
  return (request) => {
    const old = schemeOf(request);
    const protocol = newScheme || old;
    // A port that goes without saying is as if it were not written, and that of the Host stays.
    const newPort = wantedPort === (protocol === 'https' ? 443 : 80) ? 0 : wantedPort;
    const host = newAuthority || oldHost(request.authority, newPort !== 0, old, protocol);
    const at = newPort === 0 ? host : `${host}:${newPort}`;
    const path = replaced?.(request.path) ?? (newUri ? newPath(newUri, request.path) : request.path);
    return direct(status, '', { location: `${protocol}://${at}${path}` });
  };
}

/** `tls.httpsRedirect` of a gateway's server: the Host stays as it is. */
export function redirectToHttps({ authority, path }: MeshRequest): Reply {
  return direct(301, '', { location: `https://${authority}${path}` });
}

/** The query stays unless the new URI has its own. */
function newPath(uri: string, path: string): string {
  const query = path.indexOf('?');
  return query < 0 || uri.includes('?') ? uri : uri + path.slice(query);
}

/** Without its port when there is a new one, or when it was the default of a scheme that is left. */
function oldHost(authority: string, hasNewPort: boolean, from: string, to: string): string {
  const at = /:\d*$/.exec(authority);
  if (!at) return authority;
  const left = from !== to && at[0] === (from === 'https' ? ':443' : ':80');
  return hasNewPort || left ? authority.slice(0, at.index) : authority;
}
