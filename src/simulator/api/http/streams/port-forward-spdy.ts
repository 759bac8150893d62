// Port-forward over SPDY: for each connection of the client a pair of streams, one for its bytes and one for what went wrong.
import type { Duplex } from 'node:stream';
import type { PortAccess } from './port-access.ts';
import { type SpdyStream, serveSpdy } from './spdy-connection.ts';

export const PORT_FORWARD_PROTOCOL = 'portforward.k8s.io';

/** How long the second stream of a pair may take. */
const PAIRING = 30_000;

export function servePortForwardSpdy(socket: Duplex, ports: PortAccess): void {
  const pairs = new Map<string, { data?: SpdyStream; error?: SpdyStream; late: NodeJS.Timeout }>();
  serveSpdy(socket, {
    onStream(stream) {
      const { streamtype: type, port = '', requestid = '' } = stream.headers;
      const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
      if ((type !== 'data' && type !== 'error') || number < 1 || number > 65_535) return void stream.destroy();
      const key = requestid === '' ? port : requestid;
      let pair = pairs.get(key);
      if (!pair) {
        pair = { late: setTimeout(() => drop(key), PAIRING) };
        pairs.set(key, pair);
      }
      pair[type] = stream;
      const { data, error } = pair;
      if (!data || !error) return;
      clearTimeout(pair.late);
      pairs.delete(key);
      error.resume();
      void forward(number, data, error);
    },
    onClose() {
      for (const { late } of pairs.values()) clearTimeout(late);
    },
  });

  function drop(key: string): void {
    const pair = pairs.get(key);
    pairs.delete(key);
    pair?.data?.destroy();
    pair?.error?.destroy();
  }

  async function forward(port: number, data: SpdyStream, error: SpdyStream): Promise<void> {
    try {
      await ports.forward(port, data);
      error.end();
    } catch (failure) {
      data.end();
      error.end(failure instanceof Error ? failure.message : String(failure));
      data.resume();
    }
  }
}
