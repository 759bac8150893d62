// Whether this machine gets to a port of another.
import { connect } from 'node:net';

/** `open` and `closed` both say that the host is within reach; `silent`, that nothing came back in time. */
export type Reach = 'open' | 'closed' | 'silent';
export type Probe = (host: string, port: number) => Promise<Reach>;

const patience = 2_000;

export const probePort: Probe = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience });
    const end = (reach: Reach): void => {
      socket.destroy();
      resolve(reach);
    };
    socket.once('connect', () => end('open'));
    socket.once('timeout', () => end('silent'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED' ? 'closed' : 'silent'));
  });
