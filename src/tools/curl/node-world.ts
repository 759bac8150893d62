// The network and the files of this machine.
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { type RequestOptions as TlsOptions, request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { SecureVersion } from 'node:tls';
import type { Progress, Request, World } from './world.ts';

export function nodeWorld(cwd: string): World {
  return {
    send,
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

function send(request: Request, progress: Progress) {
  const { url, headers, body } = request;
  if (request.version === '1.0') {
    const error = Object.assign(new Error('HTTP/1.0 is not supported here'), { code: 'ERR_INVALID_PROTOCOL' });
    queueMicrotask(() => progress.failed(error));
    return () => {};
  }
  const outgoing = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, requestOptions(request));
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
  const { method, target, address, destination, insecure, certificate, client, latestTls, signal } = request;
  return {
    method,
    path: target,
    agent: false,
    setHost: false,
    signal,
    ...(address ? { lookup: fixedLookup(address) } : {}),
    ...(destination ? { ...destination, hostname: destination.host, servername: request.url.hostname } : {}),
    ...(insecure ? { rejectUnauthorized: false } : {}),
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
