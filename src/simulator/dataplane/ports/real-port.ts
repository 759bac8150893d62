// One port on loopback, and what becomes of the connections that it accepts.
import { createServer, type Socket } from 'node:net';

export interface RealPort {
  /** Stops listening; what is under way ends by itself. */
  close(): void;
}

/** Rejects when the port cannot be bound. */
export function openRealPort(port: number, take: (socket: Socket) => void): Promise<RealPort> {
  const server = createServer({ noDelay: true }, (socket) => {
    // A client that resets its connection is nobody's failure.
    socket.on('error', () => socket.destroy());
    take(socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      resolve({ close: () => server.close() });
    });
  });
}
