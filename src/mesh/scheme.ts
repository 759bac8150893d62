// Whether a request came by HTTP or HTTPS, as a proxy sees it.
import type { MeshRequest } from './engine.ts';

/** What the proxy before said, else whether the client spoke TLS. */
export function schemeOf({ headers, serverName }: MeshRequest): 'http' | 'https' {
  const said = Object.hasOwn(headers, 'x-forwarded-proto') ? headers['x-forwarded-proto'] : undefined;
  if (said === 'http' || said === 'https') return said;
  return serverName === undefined ? 'http' : 'https';
}
