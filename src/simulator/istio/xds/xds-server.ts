// istiod's xDS ports on loopback: 15010 in plain text, where nobody can prove who they are, and 15012 under TLS with a
// certificate of the mesh's authority.
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { authenticate, authorize, type IdentityOf, type Refused, WITHOUT_TLS } from './authenticate.ts';
import { RefusedCall, type StreamHandler, serveGrpc } from './grpc.ts';

const STREAM = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources';

export interface KeyPair {
  /** PEM. */
  certificate: string;
  key: string;
}

export interface XdsServer {
  /** Port of istiod → where it really listens. Filled once the ports are open. */
  sockets: Record<number, { host: '127.0.0.1'; port: number }>;
  stop(): void;
}

/** `keyPair` is asked at the first TLS connection and whenever a client names a server. */
export function serveXds(
  open: () => StreamHandler,
  identityOf: IdentityOf,
  keyPair: () => KeyPair,
  onError: (error: Error) => void,
): XdsServer {
  const refuseAll = serveGrpc(new Map([[STREAM, () => WITHOUT_TLS]]));
  const serve = serveGrpc(new Map([[STREAM, (headers) => authenticated(authenticate(headers, identityOf), open)]]));
  const sockets: XdsServer['sockets'] = {};
  const sessions = new Set<Http2Session>();
  const { certificate, key } = keyPair();
  const secure = createSecureServer({
    cert: certificate,
    key,
    SNICallback(_name, done) {
      const current = keyPair();
      done(null, createSecureContext({ cert: current.certificate, key: current.key }));
    },
  });
  const servers: [number, Http2Server | Http2SecureServer, typeof serve][] = [
    [15010, createServer(), refuseAll],
    [15012, secure, serve],
  ];
  for (const [port, server, onStream] of servers) {
    server.on('stream', onStream);
    server.on('session', (session) => {
      sessions.add(session);
      session.on('close', () => sessions.delete(session));
      session.on('error', () => {});
    });
    server.on('error', onError);
    server.listen(0, '127.0.0.1', () => {
      sockets[port] = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    });
    server.unref();
  }
  return {
    sockets,
    stop() {
      for (const [port, server] of servers) {
        delete sockets[port];
        server.close();
      }
      for (const session of sessions) session.destroy();
    },
  };
}

function authenticated(who: { identity: string } | Refused, open: () => StreamHandler): StreamHandler | Refused {
  if (!('identity' in who)) return who;
  const handler = open();
  return (message, send) => {
    const refused = authorize(who.identity, message);
    if (refused) throw new RefusedCall(refused);
    handler(message, send);
  };
}
