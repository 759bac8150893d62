import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** What a streaming subresource can speak; the client's headers choose. */
export interface Upgrade {
  webSocket: {
    /** The one of these that the client names first is used. */
    protocols: readonly string[];
    serve(socket: WebSocket, protocol: string): void;
  };
  spdy: {
    protocols: readonly string[];
    /** Throws PlainRefusal: what a kubelet finds out before it takes the connection. */
    check(): void;
    serve(connection: Duplex, protocol: string): void;
  };
}
