// The network and the files of this machine.
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { type RequestOptions as TlsOptions, request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type SecureContextOptions, type SecureVersion, connect as tlsConnect } from 'node:tls';
import type { Progress, Request, World } from './world.ts';

export function nodeWorld(cwd: string): World {
  return {
    send: (request, progress) => send(request, progress),
    read: (path) => readFile(resolve(cwd, path)),
    create(path) {
      const file = createWriteStream(resolve(cwd, path));
      // Told by close().
      file.on('error', () => {});
      return {
        write: (chunk) => void file.write(chunk),
        async close() {
          file.end();
          await finished(file);
        },
      };
    },
  };
}

/** As World.send has it. `connection`: what it goes by, when that is there already. */
export function send(request: Request, progress: Progress, connection?: Duplex): () => void {
  const { url, headers, body } = request;
  if (request.version === '1.0') {
    const error = Object.assign(new Error('HTTP/1.0 is not supported here'), { code: 'ERR_INVALID_PROTOCOL' });
    queueMicrotask(() => progress.failed(error));
    return () => {};
  }
  const outgoing = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, {
    ...requestOptions(request),
    ...(connection && by(connection, request)),
  });
  for (const [name, value] of headers) outgoing.appendHeader(name, value);
  // Node would add one; curl does not.
  outgoing.removeHeader('connection');
  outgoing.on('socket', (socket) => {
    socket.on('lookup', (_error, found) => progress.resolved(found || undefined));
    socket.on('connect', () => {
      const { remoteAddress, remotePort, localAddress, localPort } = socket;
      progress.connected({ remoteAddress, remotePort, localAddress, localPort });
    });
    socket.on('secureConnect', () => progress.secured());
  });
  outgoing.on('response', (message) =>
    progress.answered({
      httpVersion: message.httpVersion,
      status: message.statusCode ?? 0,
      phrase: message.statusMessage ?? '',
      headers: pairs(message.rawHeaders),
      body: message,
    }),
  );
  outgoing.on('error', (error: NodeJS.ErrnoException) => progress.failed(error));
  outgoing.end(body);
  return () => void outgoing.destroy();
}

function requestOptions(request: Request): TlsOptions {
  const { method, target, address, destination, insecure, signal, url } = request;
  return {
    method,
    path: target,
    agent: false,
    setHost: false,
    signal,
    ...(address ? { lookup: fixedLookup(address) } : {}),
    ...(destination ? { ...destination, hostname: destination.host, servername: nameOf(url.hostname) } : {}),
    ...(insecure ? { rejectUnauthorized: false } : {}),
    ...secureContext(request),
  };
}

/** TLS over it. */
function by(connection: Duplex, { url: { hostname: host }, insecure, ...request }: Request): TlsOptions {
  const options = { host, servername: nameOf(host), rejectUnauthorized: !insecure, ...secureContext(request) };
  return { agent: undefined, createConnection: () => tlsConnect({ ...options, socket: connection }) };
}

/** Addresses are not sent as names. */
function nameOf(host: string): string {
  return isIP(host) === 0 ? host : '';
}

function secureContext({
  certificate,
  client,
  latestTls,
}: Pick<Request, 'certificate' | 'client' | 'latestTls'>): SecureContextOptions {
  return {
    ...(certificate ? { ca: certificate } : {}),
    ...(client ? { cert: client.certificate, key: client.key } : {}),
    ...(latestTls ? { maxVersion: `TLSv${latestTls}` as SecureVersion } : {}),
  };
}

function pairs(raw: string[]): [string, string][] {
  return raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []));
}

function fixedLookup(address: string): LookupFunction {
  const family = address.includes(':') ? 6 : 4;
  return (_host, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
