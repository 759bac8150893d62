// Port-forward straight over WebSocket, as older clients and libraries do it: for the ports of the query, in order, a channel
// for the bytes of one connection and one for what went wrong.
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { PortAccess } from './port-access.ts';
import { bytesOf } from './remote-web-socket.ts';

export const portForwardWebSocketProtocols = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'] as const;

export function servePortForwardWebSocket(
  socket: WebSocket,
  protocol: string,
  ports: readonly number[],
  access: PortAccess,
): void {
  const base64 = protocol.includes('base64');
  const connections = ports.map((port, index) => open(port, index));
  socket.on('message', (message) => {
    const bytes = bytesOf(message);
    const channel = base64 ? (bytes[0] ?? 0) - 48 : (bytes[0] ?? 0);
    const body = base64 ? Buffer.from(bytes.toString('latin1', 1), 'base64') : bytes.subarray(1);
    if (channel % 2 === 0) connections[channel / 2]?.push(body);
  });
  socket.on('close', () => {
    for (const connection of connections) connection.destroy();
  });

  function open(port: number, index: number): Duplex {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    send(index * 2, number);
    send(index * 2 + 1, number);
    const connection = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, callback) {
        send(index * 2, chunk, callback);
      },
    });
    connection.on('error', () => {});
    access
      .forward(port, connection)
      .catch((error: Error) => send(index * 2 + 1, Buffer.from(error.message)))
      .finally(() => {
        connection.destroy();
        // One connection for each port: when the last is over, so is the forwarding.
        if (connections.every((c) => c.destroyed)) socket.close(1000);
      });
    return connection;
  }

  function send(channel: number, chunk: Buffer, sent: () => void = () => {}): void {
    const message = base64 ? `${channel}${chunk.toString('base64')}` : Buffer.concat([Buffer.of(channel), chunk]);
    // A socket that is not open says so to the callback.
    socket.send(message, () => sent());
  }
}
