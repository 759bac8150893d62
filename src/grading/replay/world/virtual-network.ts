// A loopback of this process alone: ports are entries of a table, connections are pairs of streams. Nothing that a hand-in
// makes the process do can reach the machine's network, and any number of them can have the same NodePort.
import * as http from 'node:http';
import * as https from 'node:https';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { type AddressInfo, type ListenOptions, Server } from 'node:net';
import { Duplex } from 'node:stream';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

type Connecting = { host?: string | undefined; port?: number | string | undefined };

export interface VirtualNetwork {
  /** Closes every port that is still open, and begins to number connections anew. */
  restart(): void;
}

const firstEphemeral = 40_000;

/** Once for a process; there is no way back. */
export function enterVirtualNetwork(): VirtualNetwork {
  const ports = new Map<number, Server>();
  let ephemeral = firstEphemeral;

  const connect = ({ host = 'localhost', port }: Connecting): VirtualSocket => {
    const number = Number(port);
    const [near, far] = socketPair(++ephemeral, number);
    process.nextTick(() => {
      if (near.destroyed) return;
      const server = isLoopback(host) ? ports.get(number) : undefined;
      if (!server) {
        near.destroy(refusal(host, number));
        return;
      }
      near.emit('connect');
      near.emit('ready');
      server.emit('connection', far);
    });
    return near;
  };

  Server.prototype.listen = function listen(this: Server, ...given: unknown[]) {
    const { port: wanted = 0 } = readListen(given);
    const heard = given.find((g) => typeof g === 'function') as (() => void) | undefined;
    if (heard) this.once('listening', heard);
    const port = wanted === 0 ? ++ephemeral : wanted;
    if (ports.has(port)) {
      const taken = Object.assign(new Error(`listen EADDRINUSE: 127.0.0.1:${port}`), { code: 'EADDRINUSE' });
      process.nextTick(() => this.emit('error', taken));
      return this;
    }
    ports.set(port, this);
    // What net.Server asks of a real handle.
    Object.assign(this, {
      _handle: {
        getsockname: (out: Partial<AddressInfo>) => {
          Object.assign(out, { address: '127.0.0.1', family: 'IPv4', port });
          return 0;
        },
        close: () => ports.delete(port),
        ref() {},
        unref() {},
      },
    });
    process.nextTick(() => this.emit('listening'));
    return this;
  } as Server['listen'];

  const require = createRequire(import.meta.url);
  const net = require('node:net') as Record<string, unknown>;
  const tls = require('node:tls') as Record<string, unknown>;
  const secure = tls.connect as (options: ConnectionOptions) => TLSSocket;
  const plainConnect = (...given: unknown[]) => called(connect(readConnect(given)), 'connect', given);
  const secureConnect = (...given: unknown[]) => {
    const options = given[0] as ConnectionOptions;
    const socket = options.socket ?? connect(options);
    const name = options.servername ?? (options.host && !/^[\d.:]+$/.test(options.host) ? options.host : '');
    return called(secure({ ...options, socket, servername: name }), 'secureConnect', given);
  };
  net.connect = plainConnect;
  net.createConnection = plainConnect;
  tls.connect = secureConnect;
  Object.assign(http.Agent.prototype, { createConnection: plainConnect });
  Object.assign(https.Agent.prototype, { createConnection: secureConnect });
  syncBuiltinESMExports();
  return {
    restart() {
      ports.clear();
      ephemeral = firstEphemeral;
    },
  };
}

function called<S extends Duplex>(socket: S, event: string, given: readonly unknown[]): S {
  const heard = given.find((g) => typeof g === 'function');
  if (heard) socket.once(event, heard as () => void);
  return socket;
}

function readListen(given: readonly unknown[]): ListenOptions {
  const [first, second] = given;
  if (typeof first === 'object' && first !== null) return first;
  return { port: Number(first ?? 0), ...(typeof second === 'string' ? { host: second } : {}) };
}

function readConnect(given: readonly unknown[]): Connecting {
  const [first, second] = given;
  if (typeof first === 'object' && first !== null) return first;
  return { port: Number(first), ...(typeof second === 'string' ? { host: second } : {}) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function refusal(host: string, port: number): Error {
  const fields = { code: 'ECONNREFUSED', syscall: 'connect', address: host, port };
  return Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}`), fields);
}

function socketPair(clientPort: number, serverPort: number): [VirtualSocket, VirtualSocket] {
  const near = new VirtualSocket(clientPort, serverPort);
  const far = new VirtualSocket(serverPort, clientPort);
  near.peer = far;
  far.peer = near;
  return [near, far];
}

/** As much of a net.Socket as Node's HTTP, TLS and the simulator ask of one. */
class VirtualSocket extends Duplex {
  peer: VirtualSocket | undefined;
  readonly connecting = false;
  readonly remoteAddress = '127.0.0.1';
  readonly localAddress = '127.0.0.1';
  readonly remoteFamily = 'IPv4';
  readonly localPort: number;
  readonly remotePort: number;
  bytesRead = 0;
  bytesWritten = 0;
  #taken: (() => void) | undefined;

  constructor(localPort: number, remotePort: number) {
    super({ allowHalfOpen: false });
    this.localPort = localPort;
    this.remotePort = remotePort;
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    const { peer } = this;
    if (!peer || peer.destroyed) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return;
    }
    this.bytesWritten += chunk.length;
    peer.bytesRead += chunk.length;
    peer.#taken = done;
    peer.push(chunk);
  }

  override _final(done: () => void): void {
    if (this.peer && !this.peer.destroyed) this.peer.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { peer } = this;
    // Who still waits for this side to read waits no more.
    const taken = this.#taken;
    this.#taken = undefined;
    process.nextTick(() => {
      taken?.();
      if (peer && !peer.destroyed && !peer.readableEnded) peer.push(null);
    });
    done(error);
  }

  resetAndDestroy(): this {
    const { peer } = this;
    this.destroy();
    peer?.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }));
    return this;
  }

  destroySoon(): void {
    if (this.writableFinished) this.destroy();
    else {
      this.end();
      this.once('finish', () => this.destroy());
    }
  }

  address(): AddressInfo {
    return { address: this.localAddress, family: 'IPv4', port: this.localPort };
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
