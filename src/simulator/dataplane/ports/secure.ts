// TLS on a gateway's port: the greeting is read, the server chosen by its name, and the rest handed to HTTP, to a TCP
// route, or passed by untouched.
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import type { GatewayPort, TlsServer } from '../../../mesh/engine.ts';
import type { Peer } from '../hop.ts';
import { type Greeting, readGreeting } from './client-hello.ts';
import { credentialsOf, type FindSecret } from './credentials.ts';
import { type HttpFront, LARGEST_HEAD } from './http-front.ts';
import { forwardedCertificate } from './peer-certificate.ts';
import { serverFor } from './tls-choice.ts';

/** A greeting that does not come whole in this time is no greeting. */
const GREETING_TIME = 15_000;
const LONGEST_GREETING = 64 * 1024;

export interface SecureOptions {
  http: HttpFront;
  secret: FindSecret;
  /** Bytes that go on to a TCP route. */
  raw(connection: Duplex, tls: NonNullable<Peer['tls']>): void;
  /** No server takes the client. */
  unmatched(connection: Duplex, serverName: string | undefined): void;
}

export interface SecureFront {
  take(connection: Duplex, port: GatewayPort, namespace: string): void;
}

type Terminator = Http2SecureServer | Server;
type Hello = Extract<Greeting, { kind: 'hello' }>;

/** ALPN by which the mesh's own proxies are known. */
const isOfTheMesh = (protocol: string) => /^istio(-|$)/.test(protocol);

export function createSecureFront({ http, secret, raw, unmatched }: SecureOptions): SecureFront {
  /** One for each way to end TLS; forgotten with the certificates. */
  const terminators = new WeakMap<SecureContextOptions, Map<string, Terminator>>();

  function greeted(connection: Duplex, { serverName, protocols }: Hello, port: GatewayPort, namespace: string) {
    const server = serverFor(port.servers, serverName);
    if (!server || (server.automatic && !protocols.some(isOfTheMesh))) return unmatched(connection, serverName);
    if (server.mode === 'passthrough') return raw(connection, serverName === undefined ? {} : { serverName });
    const credentials = credentialsOf(server, namespace, secret);
    if (credentials.kind !== 'ready') return hangUp(connection);
    terminatorFor(server, credentials.options, port.protocol === 'https').emit('connection', connection);
  }

  function terminatorFor(server: TlsServer, options: SecureContextOptions, speaksHttp: boolean): Terminator {
    const ways = terminators.get(options) ?? new Map<string, Terminator>();
    terminators.set(options, ways);
    const key = `${server.mode} ${server.minVersion} ${server.maxVersion} ${speaksHttp}`;
    const known = ways.get(key);
    if (known) return known;
    const settings = settingsOf(server, options);
    const terminator = speaksHttp ? httpTerminator(settings, http) : tcpTerminator(settings, raw);
    terminator.on('tlsClientError', (_error: Error, socket: TLSSocket) => void socket.destroy());
    ways.set(key, terminator);
    return terminator;
  }

  return {
    take(connection, port, namespace) {
      readHello(
        connection,
        (hello) => greeted(connection, hello, port, namespace),
        () => unmatched(connection, undefined),
      );
    },
  };
}

/** No server of the port takes the client: as Envoy tells it. */
export const UNMATCHED = { kind: 'closed' as const, details: 'filter_chain_not_found', flags: ['NR' as const] };

/** With a reset, where the connection is a socket. */
export function hangUp(connection: Duplex): void {
  if ('resetAndDestroy' in connection) (connection as Socket).resetAndDestroy();
  else connection.destroy();
}

function settingsOf(server: TlsServer, options: SecureContextOptions) {
  return {
    ...options,
    minVersion: server.minVersion ?? ('TLSv1.2' as const),
    ...(server.maxVersion && { maxVersion: server.maxVersion }),
    requestCert: server.mode !== 'simple',
    rejectUnauthorized: server.mode !== 'simple',
  };
}

function httpTerminator(settings: ReturnType<typeof settingsOf>, http: HttpFront): Terminator {
  const server = createSecureServer(
    { ...settings, allowHTTP1: true, maxHeaderSize: LARGEST_HEAD } as Parameters<typeof createSecureServer>[0],
    (request, response) => http.handle(request, response),
  );
  server.on('upgrade', (message, socket, head) => http.upgrade(message, socket, head));
  server.on('sessionError', () => undefined);
  return server;
}

function tcpTerminator(settings: ReturnType<typeof settingsOf>, raw: SecureOptions['raw']): Terminator {
  return createServer(settings, (socket) => {
    const name = typeof socket.servername === 'string' ? { serverName: socket.servername } : {};
    const certificate = forwardedCertificate(socket);
    raw(socket, { ...name, ...(certificate && { forwardedCertificate: certificate }) });
  });
}

/** The greeting stays in the socket for whoever reads it next. */
function readHello(connection: Duplex, greeted: (hello: Hello) => void, notTls: () => void): void {
  const timer = setTimeout(() => connection.destroy(), GREETING_TIME);
  let bytes = Buffer.alloc(0);
  const stop = () => {
    clearTimeout(timer);
    connection.off('readable', read);
  };
  connection.once('close', stop);
  function read() {
    const chunk: Buffer | null = connection.read();
    if (!chunk) return;
    bytes = Buffer.concat([bytes, chunk]);
    const greeting = readGreeting(bytes);
    if (greeting.kind === 'incomplete' && bytes.length < LONGEST_GREETING) return;
    stop();
    if (greeting.kind !== 'hello') return notTls();
    connection.unshift(bytes);
    greeted(greeting);
  }
  connection.on('readable', read);
}
