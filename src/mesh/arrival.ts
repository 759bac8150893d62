// What a proxy makes of a host and a port, before it looks at the rest of the request.
import type { Source } from './decision.ts';
import type { Dropped } from './delegates.ts';
import type { Route } from './routes.ts';
import type { TcpRoute } from './tcp-routes.ts';

/** All routes for one host at one listener. */
export interface VirtualHost {
  /** The pattern that matched: an FQDN, `*.example.com` or `*`. */
  domain: string;
  /** Where the pattern stands; undefined for a Service's own name. */
  source?: Source;
  /** The Gateway's server. */
  listener?: Source;
  routes: readonly Route[];
  /** Younger VirtualServices for the same host that therefore have no effect. */
  ignored: readonly Source[];
  /** Rules that are not among the routes, because what they delegate to cannot be used. */
  dropped: readonly Dropped[];
  /** The server has tls.httpsRedirect. */
  httpsRedirect: boolean;
}

export type Arrival =
  /** Nothing listens on the port, or not for this server name. */
  | { kind: 'refused'; listener?: Source }
  /** Not a host of the mesh, or not on an HTTP port: on to where the client was going. */
  | { kind: 'passthrough'; why: Unknown }
  /** The same, where only what the registry knows may be reached. `source`: what says so. */
  | { kind: 'blocked'; why: Unknown; source?: Source }
  | { kind: 'tcp'; routes: readonly TcpRoute[]; listener?: Source }
  | { kind: 'no-virtual-host'; listener?: Source }
  | { kind: 'http'; virtualHost: VirtualHost };

export type Unknown = 'no-listener' | 'no-virtual-host';
