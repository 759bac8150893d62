// TLS that a pod of the cluster speaks to a gateway: read by the gateway's port as that of clients outside is.
import { type Duplex, duplexPair } from 'node:stream';
import type { GatewayPort } from '../../../mesh/engine.ts';
import { type HopContext, type Peer, refused } from '../hop.ts';
import { closeInbound } from '../inbound.ts';
import type { RunningPod } from '../running-pods.ts';
import { type FindSecret, showsCertificate } from './credentials.ts';
import { createHttpFront } from './http-front.ts';
import { tellRefusal } from './refused-request.ts';
import { createSecureFront, UNMATCHED } from './secure.ts';

export interface GatewayTls {
  context: HopContext;
  secret: FindSecret;
  gateway: RunningPod;
  listener: GatewayPort;
  peer: Peer;
  /** Takes bytes that go on to a TCP route. */
  carry(connection: Duplex, peer: Peer): void;
}

/** The listener, when it is one that begins with a greeting. */
export function greetingListener(context: HopContext, { proxy }: RunningPod, port: number): GatewayPort | undefined {
  const ports = context.engine().gatewayPorts(proxy);
  return ports.find((p) => p.port === port && (p.protocol === 'https' || p.protocol === 'tls'));
}

/** The gateway's end of the connection. Throws CallError while it does not listen. */
export function endOfTls({ context, secret, gateway, listener, peer, carry }: GatewayTls): Duplex {
  const { address, proxy } = gateway;
  const { port } = listener;
  if (!showsCertificate(listener, proxy.namespace, secret)) throw refused(address, port);
  const http = createHttpFront({
    answer: (request, { hangup, version, tls }) =>
      context.deliver(address, port, request, { ...peer, hangup, ...(version && { version }), ...(tls && { tls }) }),
    refused: (refusal, _port, request) => tellRefusal(context, gateway, port, peer, refusal, request),
    now: context.now,
  });
  const [near, far] = duplexPair();
  createSecureFront({
    http,
    secret,
    raw: (connection, tls) => carry(connection, { ...peer, tls }),
    unmatched(connection, serverName) {
      const named = serverName === undefined ? peer : { ...peer, tls: { serverName } };
      closeInbound(context, gateway, port, named, UNMATCHED);
      connection.destroy();
    },
  }).take(far, listener, proxy.namespace);
  return near;
}
