// What a proxy makes of a connection that a program goes on with in another protocol: it copies the bytes and tells of them at the end.
import { type Duplex, duplexPair } from 'node:stream';
import type { HttpReply, HttpRequest, Tunnel } from '../contract.ts';

export const HANDSHAKE_FAILED = 'websocket_handshake_unsuccessful';

/** How it ended, in the words of a proxy's record. */
export interface TunnelEnd {
  bytesReceived: number;
  bytesSent: number;
  flags: readonly string[];
  details: string;
}

const BY_CLIENT = { flags: ['DC'], details: 'downstream_remote_disconnect' };
const BY_PROGRAM = { flags: ['UC'], details: 'upstream_reset_after_response_started{connection_termination}' };

/** The same tunnel, seen by a proxy on the way. */
export function watched(tunnel: Tunnel, onEnd: (end: TunnelEnd) => void): Tunnel {
  return {
    take(client) {
      const [near, far] = duplexPair();
      join(client, near, onEnd);
      tunnel.take(far);
    },
  };
}

/** Copies both ways until one end closes. */
export function join(client: Duplex, program: Duplex, onEnd: (end: TunnelEnd) => void): void {
  let [bytesReceived, bytesSent, ended] = [0, 0, false];
  const endedBy = (who: Pick<TunnelEnd, 'flags' | 'details'>, other: Duplex) => {
    const tell = () => {
      if (ended) return;
      ended = true;
      onEnd({ bytesReceived, bytesSent, ...who });
    };
    return {
      // What was said last still gets there.
      gently() {
        tell();
        other.end(() => other.destroy());
      },
      abruptly() {
        tell();
        other.destroy();
      },
    };
  };
  client.on('data', (chunk: Buffer) => {
    bytesReceived += chunk.length;
  });
  program.on('data', (chunk: Buffer) => {
    bytesSent += chunk.length;
  });
  client.pipe(program).pipe(client);
  for (const [end, how] of [
    [client, endedBy(BY_CLIENT, program)],
    [program, endedBy(BY_PROGRAM, client)],
  ] as const) {
    end.on('end', how.gently).on('error', how.abruptly).on('close', how.abruptly);
  }
}

/**
 * What comes back for a request that wanted another protocol and did not get it. Envoy takes the body of a success for a
 * failed greeting, and does not measure how long the answer took.
 */
export function notUpgraded(request: HttpRequest, reply: HttpReply): 'unsuccessful' | 'answered' | undefined {
  if (request.upgrade !== 'websocket') return undefined;
  delete reply.headers['x-envoy-upstream-service-time'];
  if (reply.tunnel) return undefined;
  if (reply.status < 200 || reply.status > 299) return 'answered';
  delete reply.headers['content-type'];
  delete reply.headers['content-length'];
  reply.headers['content-length'] = '0';
  reply.body = '';
  return 'unsuccessful';
}
