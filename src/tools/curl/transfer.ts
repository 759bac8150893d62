// One URL fetched, redirects included.
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { resolve } from 'node:path';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { ToolContext } from '../tool.ts';
import type { CookieJar } from './cookies.ts';
import { type Attempt, CurlError, fromSystemError, timedOut } from './errors.ts';
import type { CurlOptions } from './options.ts';
import { requestHeaders } from './request-headers.ts';

export interface Transfer {
  url: string;
  method: string;
  status: number;
  httpVersion: string;
  headers: [name: string, value: string][];
  redirectUrl: string | undefined;
  redirects: number;
  connects: number;
  received: number;
  sent: number;
  headerBytes: number;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  localAddress: string | undefined;
  localPort: number | undefined;
  /** Milliseconds since the start. */
  times: { resolved: number; connected: number; secured: number; firstByte: number; total: number };
}

export interface TransferHost {
  context: ToolContext;
  options: CurlOptions;
  jar: CookieJar;
  /** The status line and headers of each answer, redirects too. */
  onHead(head: string): void;
  onBody(chunk: Buffer): void;
  trace(line: string): void;
}

/** Rejects with CurlError; `progress` keeps what was learnt until then. */
export async function transfer(address: string, host: TransferHost, progress: Partial<Transfer>): Promise<Transfer> {
  const { options } = host;
  const began = performance.now();
  const limit = options.flags.bool('location') ? Number(options.flags.text('max-redirs') ?? 50) : 0;
  let url = parseUrl(address);
  const first = url;
  let { method, body } = options;
  const result: Transfer = Object.assign(progress, blank(url.href, method));
  for (;;) {
    result.url = url.href;
    result.method = method;
    const message = await once({ url, method, body, first, began, host, result });
    const next = redirectOf(result, url);
    result.redirectUrl = next?.href;
    if (!next || !options.flags.bool('location')) {
      await deliver(message, host, result, began);
      return result;
    }
    message.resume();
    if (limit >= 0 && result.redirects >= limit) throw new CurlError(47, `Maximum (${limit}) redirects followed`);
    result.redirects += 1;
    host.trace(`* Issue another request to this URL: '${next.href}'`);
    url = parseUrl(next.href, 'on a redirect');
    if ([301, 302, 303].includes(result.status) && method !== 'HEAD' && !options.flags.has('request')) {
      method = 'GET';
      body = undefined;
    }
  }
}

const blank = (url: string, method: string): Transfer => ({
  url,
  method,
  status: 0,
  httpVersion: '0',
  headers: [],
  redirectUrl: undefined,
  redirects: 0,
  connects: 0,
  received: 0,
  sent: 0,
  headerBytes: 0,
  remoteAddress: undefined,
  remotePort: undefined,
  localAddress: undefined,
  localPort: undefined,
  times: { resolved: 0, connected: 0, secured: 0, firstByte: 0, total: 0 },
});

function parseUrl(address: string, where = 'in libcurl'): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const scheme = full.slice(0, full.indexOf(':')).toLowerCase();
  if (scheme !== 'http' && scheme !== 'https')
    throw new CurlError(1, `Protocol "${scheme}" not supported or disabled ${where}`);
  if (!URL.canParse(full)) throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  return new URL(full);
}

interface Exchange {
  url: URL;
  method: string;
  body: Buffer | undefined;
  first: URL;
  began: number;
  host: TransferHost;
  result: Transfer;
}

function once({ url, method, body, first, began, host, result }: Exchange): Promise<IncomingMessage> {
  const { options, context, jar, trace } = host;
  const tls = url.protocol === 'https:';
  const port = Number(url.port) || (tls ? 443 : 80);
  const now = () => Math.round(performance.now() - began);
  const attempt: Attempt = { host: url.hostname, port, elapsed: 0, connected: false, received: 0, answered: false };
  const headers = requestHeaders({
    url,
    method,
    body,
    options,
    cookie: jar.headerFor(url, Date.now()),
    trusted: url.host === first.host,
  });
  const address = options.resolve.get(`${url.hostname}:${port}`);
  const certificate = options.flags.text('cacert');
  const requestOptions: RequestOptions = {
    method,
    agent: false,
    setHost: false,
    signal: context.signal,
    ...(address ? { lookup: fixedLookup(address) } : {}),
    ...(options.flags.bool('insecure') ? { rejectUnauthorized: false } : {}),
    ...(certificate ? { ca: readFileSync(resolve(context.cwd, certificate)) } : {}),
  };
  result.sent = body?.length ?? 0;
  result.connects += 1;
  return new Promise((fulfil, reject) => {
    const outgoing = (tls ? tlsRequest : plainRequest)(url, requestOptions);
    for (const [name, value] of headers) outgoing.appendHeader(name, value);
    // Node would add one; curl does not.
    outgoing.removeHeader('connection');
    const timers: NodeJS.Timeout[] = [];
    const fail = (error: CurlError) => {
      for (const timer of timers) clearTimeout(timer);
      result.times.total = now();
      outgoing.destroy();
      trace(`* ${error.message}`);
      reject(error);
    };
    const expire = () => fail(timedOut({ ...attempt, elapsed: now(), received: result.received }));
    const left = options.maxTime === undefined ? undefined : Math.max(0, options.maxTime - now());
    if (left !== undefined) timers.push(setTimeout(expire, left));
    if (options.connectTimeout !== undefined)
      timers.push(setTimeout(() => (attempt.connected ? undefined : expire()), options.connectTimeout));
    outgoing.on('socket', (socket) => {
      socket.on('lookup', (_error, found) => {
        result.times.resolved = now();
        if (found) trace(`*   Trying ${found}:${port}...`);
      });
      socket.on('connect', () => {
        attempt.connected = true;
        result.times.connected = now();
        result.remoteAddress = socket.remoteAddress;
        result.remotePort = socket.remotePort;
        result.localAddress = socket.localAddress;
        result.localPort = socket.localPort;
        trace(`* Connected to ${url.hostname} (${socket.remoteAddress}) port ${port} (#0)`);
        trace(
          [`> ${method} ${url.pathname}${url.search} HTTP/1.1`, ...headers.map(([n, v]) => `> ${n}: ${v}`), '> '].join(
            '\n',
          ),
        );
      });
      socket.on('secureConnect', () => {
        result.times.secured = now();
      });
    });
    outgoing.on('response', (message) => {
      attempt.answered = true;
      takeHead(message, result, now());
      host.onHead(headOf(message));
      jar.receive(message.headers['set-cookie'] ?? [], url, Date.now());
      message.on('error', (error: NodeJS.ErrnoException) => fail(fromSystemError(error, attempt)));
      message.on('close', () => {
        for (const timer of timers) clearTimeout(timer);
      });
      fulfil(message);
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      fail(fromSystemError(error, { ...attempt, elapsed: now() }));
    });
    outgoing.end(body);
  });
}

function takeHead(message: IncomingMessage, result: Transfer, elapsed: number): void {
  result.status = message.statusCode ?? 0;
  result.httpVersion = message.httpVersion;
  result.times.firstByte = elapsed;
  result.headers = pairs(message.rawHeaders);
  result.headerBytes += Buffer.byteLength(headOf(message));
}

function headOf(message: IncomingMessage): string {
  const lines = pairs(message.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/${message.httpVersion} ${message.statusCode} ${message.statusMessage ?? ''}`;
  return `${status}\r\n${lines.join('')}\r\n`;
}

function pairs(raw: string[]): [string, string][] {
  return raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []));
}

async function deliver(message: IncomingMessage, host: TransferHost, result: Transfer, began: number): Promise<void> {
  const fails = host.options.flags.bool('fail') && result.status >= 400;
  const source = host.options.flags.bool('compressed') ? decoded(message) : message;
  const { promise, resolve: finish, reject } = Promise.withResolvers<void>();
  const { maxTime } = host.options;
  const expire = () => {
    const elapsed = Math.round(performance.now() - began);
    result.times.total = elapsed;
    const { hostname, port } = new URL(result.url);
    reject(
      timedOut({
        host: hostname,
        port: Number(port),
        elapsed,
        connected: true,
        received: result.received,
        answered: true,
      }),
    );
    message.destroy();
  };
  const timer =
    maxTime === undefined ? undefined : setTimeout(expire, Math.max(0, maxTime - (performance.now() - began)));
  source.on('data', (chunk: Buffer) => {
    result.received += chunk.length;
    if (!fails) host.onBody(chunk);
  });
  source.on('end', finish);
  source.on('error', () => reject(new CurlError(18, 'transfer closed with outstanding read data remaining')));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    result.times.total = performance.now() - began;
  }
  if (result.status >= 400 && (fails || host.options.flags.bool('fail-with-body')))
    throw new CurlError(22, `The requested URL returned error: ${result.status}`);
}

function decoded(message: IncomingMessage): NodeJS.ReadableStream {
  const encoding = message.headers['content-encoding'];
  if (encoding === 'gzip') return message.pipe(createGunzip());
  if (encoding === 'deflate') return message.pipe(createInflate());
  if (encoding === 'br') return message.pipe(createBrotliDecompress());
  return message;
}

function redirectOf(result: Transfer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(result.status)) return undefined;
  const location = result.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  return new URL(location, from);
}

function fixedLookup(address: string): LookupFunction {
  const family = address.includes(':') ? 6 : 4;
  return (_host, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
