// What a proxy makes of a host and a port, before it looks at the rest of the request.
import type { Cluster } from './clusters.ts';
import type { Source } from './decision.ts';
import type { Route } from './routes.ts';

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
  /** The server has tls.httpsRedirect. */
  httpsRedirect: boolean;
}

export type Arrival =
  /** Nothing listens on the port. */
  | { kind: 'refused' }
  /** Not a host of the mesh, or not on an HTTP port: on to where the client was going. */
  | { kind: 'passthrough'; why: 'no-listener' | 'no-virtual-host' }
  | { kind: 'tcp'; cluster: Cluster }
  | { kind: 'no-virtual-host'; listener?: Source }
  | { kind: 'http'; virtualHost: VirtualHost };
