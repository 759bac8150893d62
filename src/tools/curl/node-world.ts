// The network and the files of this machine.
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
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

function send({ url, method, headers, body, address, insecure, certificate, signal }: Request, progress: Progress) {
  const options: RequestOptions = {
    method,
    agent: false,
    setHost: false,
    signal,
    ...(address ? { lookup: fixedLookup(address) } : {}),
    ...(insecure ? { rejectUnauthorized: false } : {}),
    ...(certificate ? { ca: certificate } : {}),
  };
  const outgoing = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options);
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
